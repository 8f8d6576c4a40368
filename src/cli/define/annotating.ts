import { aRun, type Define } from './define.ts';

/** Commands that say what a person thinks of a run. */
export const defineAnnotating: Define = (program, { context, does, more }) => {
  program.commandsGroup('Say what came of it:');

  program
    .command('note')
    .description('write, change or withdraw a note on a run, in Markdown')
    .argument('<run>', aRun)
    .argument('[text...]', 'without it, standard input if it is redirected, else $EDITOR')
    .option('--edit <note>', 'have a note say this instead: its number in spoor show, last, or its id in --json')
    .option('--withdraw <note>', 'take a note back')
    .addHelpText(
      'after',
      more(
        [
          ['spoor note wolf-v3 "paws are right at step 1200, ears melt"'],
          ['spoor note @ < observations.md', 'from a file'],
          ['spoor note @', 'in $EDITOR'],
          ['spoor note @ --edit last', 'the latest note, in $EDITOR'],
          ['spoor note @ --withdraw 2'],
        ],
        "What a note said before stays in the run's journal; --edit with its id brings back one that was withdrawn.",
      ),
    )
    .action(
      does(async (run: string, text: string[], options) =>
        (await import('../commands/annotate.ts')).note(context, run, text, options),
      ),
    );

  program
    .command('tag')
    .description('add and remove tags')
    .argument('<run>', aRun)
    .argument('<changes...>', '+tag or tag to add, -tag to remove')
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText('after', more([['spoor tag wolf-v3 +good -draft']]))
    .action(
      does(async (run: string, changes: string[]) =>
        (await import('../commands/annotate.ts')).tag(context, run, changes),
      ),
    );

  program
    .command('verdict')
    .description('say how a run turned out')
    .argument('<run>', aRun)
    .addArgument(program.createArgument('<verdict>', 'worked, failed, mixed, or none to take it back'))
    .option('--why <text>', 'what worked, what failed, and why')
    .addHelpText('after', more([['spoor verdict wolf-v3 worked --why "fur holds at every weight"']]))
    .action(
      does(async (run: string, verdict: string, options) =>
        (await import('../commands/annotate.ts')).verdict(context, run, verdict, options),
      ),
    );

  program
    .command('star')
    .description('say that the run is worth keeping as it was at a step')
    .argument('<run>', aRun)
    .argument('<step>', 'a step, epoch:N, last, or the name of a file that the run made')
    .option('--remove', 'take the star back')
    .addHelpText(
      'after',
      more(
        [['spoor star wolf-v3 1200'], ['spoor star @ epoch:4'], ['spoor star wolf-v3 1200 --remove']],
        'The checkpoint there is copied into the record, so that it lasts, unless the run keeps none ([keep] checkpoints in the settings, --keep-checkpoints).',
      ),
    )
    .action(
      does(async (run: string, step: string, options) =>
        (await import('../commands/star.ts')).star(context, run, step, options),
      ),
    );

  program
    .command('best')
    .description('rank checkpoints by stars, verdicts and validation loss')
    .argument('[runs...]', aRun, ['@'])
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [['spoor best wolf-v3'], ['spoor best wolf-v3 wolf-v5', 'of two runs together']],
        'Training loss never ranks checkpoints: it goes on falling while a model is spoilt. Where nothing tells them apart, that is what it says.',
      ),
    )
    .action(
      does(async (runs: string[], options) => (await import('../commands/best.ts')).best(context, runs, options)),
    );
};
