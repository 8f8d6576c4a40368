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

  program
    .command('prune')
    .description('move checkpoints and states of a run to the trash, but for those that are wanted')
    .argument('<run>', aRun)
    .option('--keep <which>', 'starred, last, steps such as 1200, with commas; or none', 'starred,last')
    .option('--now', 'delete at once, past the trash')
    .option('--dry-run', 'say what would be done, do nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [
          ['spoor prune wolf-v3 --dry-run', 'what would go, and how much'],
          ['spoor prune wolf-v3 --keep starred,last,1200'],
          ['spoor trash restore wolf-v3', 'brings them back'],
        ],
        'Takes only what still is what the run made: no file that was changed since, none that another run was started from, and of a run that trains never the newest. Samples stay. The record of what is taken stays.',
      ),
    )
    .action(does(async (run: string, options) => (await import('../commands/prune.ts')).prune(context, run, options)));

  const trash = program.command('trash').description('look into the trash, bring back, delete, empty');

  trash
    .command('ls')
    .description('list what was removed')
    .option('--json', 'print JSON')
    .action(does(async (options) => (await import('../commands/trash.ts')).list(context, options)));

  trash
    .command('restore')
    .description('put the record and the output directory of a run back where they were')
    .argument('<run>', `${aRun}; or ID of an entry as trash ls shows it`)
    .addHelpText('after', more([['spoor trash restore wolf-v3']]))
    .action(does(async (run: string) => (await import('../commands/trash.ts')).restore(context, run)));

  trash
    .command('delete')
    .description('delete single entries for good, or all that is there of a run')
    .argument('<what...>', 'ID of an entry as trash ls shows it, or a RUN')
    .option('--dry-run', 'only tell what would be deleted')
    .addHelpText(
      'after',
      more([
        ['spoor trash delete 01K0ABCDEF.checkpoint.2', 'one checkpoint, by its ID'],
        ['spoor trash delete wolf-v3', 'all that the trash holds of it'],
      ]),
    )
    .action(
      does(async (what: string[], options) => (await import('../commands/trash.ts')).remove(context, what, options)),
    );

  trash
    .command('empty')
    .description('delete what was removed for good')
    .option('--older-than <age>', 'only what was removed longer ago: 30d, 12h')
    .addHelpText('after', more([['spoor trash empty --older-than 30d']]))
    .action(does(async (options) => (await import('../commands/trash.ts')).empty(context, options)));
};
