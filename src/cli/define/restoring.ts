import { aRun, type Define, repeat } from './define.ts';

/** Commands that bring back what a run was made of. */
export const defineRestoring: Define = (program, { context, does, more }) => {
  program.commandsGroup('Get a run back:');

  program
    .command('restore')
    .description('put the code, files, dataset and command of a run into a new directory')
    .argument('<run>', aRun)
    .requiredOption('--into <dir>', 'a directory that is empty or does not exist yet')
    .option('--checkpoints', 'also what it made: checkpoints of which the record has a copy, or that still stand')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [['spoor restore wolf-v3 --into ~/wolf-v3'], ['sh ~/wolf-v3/command.sh', 'start it there']],
        'Nothing of the originals is needed or touched. RESTORED.md there says what is missing; exits with 72 if anything is.',
      ),
    )
    .action(
      does(async (run: string, options) => (await import('../commands/restore.ts')).restore(context, run, options)),
    );

  program
    .command('rerun')
    .description('start a run again from its record, as a new run')
    .argument('<run>', aRun)
    .option('--set <key=value>', 'change a setting of the trainer (repeatable)', repeat)
    .option('--name <name>', 'name of the new run (default: as the first)')
    .option('--into <dir>', 'restore it there (default: a new directory below the home)')
    .option('--reason <text>', 'why it is run again')
    .option('--force', 'although something is not as it was')
    .addHelpText(
      'after',
      more(
        [
          ['spoor rerun wolf-v3'],
          ['spoor rerun wolf-v3 --set learning_rate=5e-5 --name wolf-v6', 'all else as it was'],
          ['spoor rerun @ --set cache_latents=false', 'a switch'],
        ],
        'The seed is that of the first time. Base model, dataset, code and environment are compared with the record first: what differs is told, and refused with 78 unless --force is given. At the end it says whether the inputs were identical, and compares losses and final tensors.',
      ),
    )
    .action(does(async (run: string, options) => (await import('../commands/rerun.ts')).rerun(context, run, options)));
};
