import { aRun, type Define } from './define.ts';

/** Commands that bring back what a run was made of. */
export const defineRestoring: Define = (program, { context, does, more }) => {
  program.commandsGroup('Get a run back:');

  program
    .command('restore')
    .description('put the code, files, dataset and command of a run into a new directory')
    .argument('<run>', aRun)
    .requiredOption('--into <dir>', 'a directory that is empty or does not exist yet')
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
};
