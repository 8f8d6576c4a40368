import { aRun, type Define } from './define.ts';

/** Commands that tidy up after failures, and take that back. */
export const defineCleaning: Define = (program, { context, does, more }) => {
  program.commandsGroup('Tidy up:');

  program
    .command('clean')
    .description('move what failed runs left to the trash')
    .option('--dry-run', 'say what would be done, do nothing')
    .option('--json', 'print JSON')
    .addOption(program.createOption('--output <dir>', 'only this directory').hideHelp())
    .addOption(program.createOption('--created', 'it was made for a run that never began').hideHelp())
    .addHelpText(
      'after',
      more(
        [['spoor clean --dry-run', 'what would go, and what stays and why']],
        'A directory goes only if its run made it and failed or was interrupted, and it holds no model, sample, training state, repository, nor any file that neither Spoor nor the trainer is known to have written. The record stays.',
      ),
    )
    .action(does(async (options) => (await import('../commands/clean.ts')).clean(context, options)));

  const trash = program.command('trash').description('look into the trash, bring back, empty');

  trash
    .command('ls')
    .description('list what was removed')
    .option('--json', 'print JSON')
    .action(does(async (options) => (await import('../commands/trash.ts')).list(context, options)));

  trash
    .command('restore')
    .description('put the record and the output directory of a run back where they were')
    .argument('<run>', aRun)
    .addHelpText('after', more([['spoor trash restore wolf-v3']]))
    .action(does(async (run: string) => (await import('../commands/trash.ts')).restore(context, run)));

  trash
    .command('empty')
    .description('delete what was removed for good')
    .option('--older-than <age>', 'only what was removed longer ago: 30d, 12h')
    .addHelpText('after', more([['spoor trash empty --older-than 30d']]))
    .action(does(async (options) => (await import('../commands/trash.ts')).empty(context, options)));
};
