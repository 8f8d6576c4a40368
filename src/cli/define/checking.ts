import { type Define, repeat } from './define.ts';

/** The command that looks before a start. */
export const defineChecking: Define = (program, { context, does, more }) => {
  program.commandsGroup('Record a training:');

  program
    .command('check')
    .description('say what deserves a look before a training command is started')
    .usage('[options] -- COMMAND...')
    .argument('<command...>', 'the command that trains, as you would type it')
    .option('--name <name>', 'name of the run (default: output_name, else the output directory)')
    .option('--output-dir <dir>', 'where the trainer writes (default: from its configuration)')
    .option('--dataset <dir>', 'a dataset directory (repeatable; default: from the configuration)', repeat)
    .option('--repo <path>', 'one more repository to compare (repeatable)', repeat)
    .option('--script <file>', 'the training script')
    .option('--conda <env>', 'as if run in this conda environment')
    .option('--json', 'print JSON')
    .passThroughOptions()
    .addHelpText(
      'after',
      more(
        [
          ['spoor check -- python train_network.py --config_file config.toml'],
          ['spoor check -- ./train.sh && spoor run -- ./train.sh', 'start only what has no error'],
        ],
        'Looks for what would make the trainer fail or do something else than was meant, and compares with the earlier runs of the family. Exits with 78 if there is an error.',
      ),
    )
    .action(
      does(async (command: string[], options) =>
        (await import('../commands/check.ts')).check(context, command, options),
      ),
    );
};
