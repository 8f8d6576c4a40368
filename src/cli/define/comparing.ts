import { aRun, type Define } from './define.ts';

/** Commands that say what changed between runs. */
export const defineComparing: Define = (program, { context, does, more }) => {
  program.commandsGroup('Compare:');

  program
    .command('diff')
    .description('say what differs between runs')
    .argument('<runs...>', `${aRun}; of one run: what would differ if it were started now`)
    .option(
      '--only <areas>',
      'some of code, arguments, config, prompts, script, dataset, environment, model and hardware, with commas',
    )
    .option('-p, --patch', 'the lines that changed too, through $PAGER; elsewhere as git apply takes them')
    .option('--stat', 'how much changed, in a few lines')
    .option('--all', 'also what has no effect, and every file')
    .option('--markdown', 'as Markdown, for a forum')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [
          ['spoor diff wolf-v3 wolf-v5'],
          ['spoor diff @~1 @ --only code --patch', 'the hunks of the code alone'],
          ['spoor diff wolf-v1 wolf-v2 wolf-v3', 'a table of what differs'],
          ['spoor diff wolf-v3', 'against the present'],
        ],
        'Compares by meaning: where a value is written, comments, order and layout are told as without effect.',
      ),
    )
    .action(
      does(async (runs: string[], options) => (await import('../commands/diff.ts')).diff(context, runs, options)),
    );

  program
    .command('suspects')
    .description('rank the changes by how likely each explains why one run is worse')
    .argument('<good>', 'a RUN that worked')
    .argument('<bad>', 'a RUN that did not')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [['spoor suspects wolf-v3 wolf-v5']],
        'Asks the other runs of the family too, as far as they have a verdict (spoor verdict) or failed: one that had a change and worked speaks against it.',
      ),
    )
    .action(
      does(async (good: string, bad: string, options) =>
        (await import('../commands/suspects.ts')).suspects(context, good, bad, options),
      ),
    );
};
