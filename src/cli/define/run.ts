import { type Define, repeat } from './define.ts';

/** The command that is waited for: loaded alone, see `main-run.ts`. */
export const defineRun: Define = (program, { context, does, more }) => {
  program
    .command('run')
    .description('run a training command and record everything that made it')
    .usage('[options] -- COMMAND...')
    .argument('<command...>', 'the command that trains, as you would type it')
    .option('--name <name>', 'name of the run (default: output_name, else the output directory)')
    .option('--output-dir <dir>', 'where the trainer writes (default: from its configuration)')
    .option('--dataset <dir>', 'a dataset directory (repeatable; default: from the configuration)', repeat)
    .option('--repo <path>', 'one more repository to record (repeatable)', repeat)
    .option('--script <file>', 'the training script to keep a copy of')
    .option('--conda <env>', 'run in this conda environment')
    .option('--reason <text>', 'why this run is being made')
    .option('--tag <tag>', 'tag the run (repeatable)', repeat)
    .option('--stop-on <reasons>', 'stop it by itself: nan, stall, nan,stall or none (default: from the settings)')
    .option('--strict', 'refuse to start when a repository is dirty, a file is missing, or the output holds models')
    .option('--keep-checkpoints <which>', 'copy checkpoints into the record: last, starred, all or none')
    .option('--no-clean', 'keep the output directory of a failed run (as NO_CLEAN=1 does)')
    .option('--dry-run', 'capture and show everything, start nothing')
    .option('--detach', 'start in the background; survives this terminal')
    .option('--pty', 'give the trainer a terminal of its own (does not survive Spoor)')
    .option('--json', 'with --dry-run: print the record as JSON')
    .passThroughOptions()
    .addHelpText(
      'after',
      more(
        [
          ['spoor run -- python train_network.py --config_file config.toml'],
          ['spoor run --reason "halve the rate" -- python train_network.py …', 'say why'],
          ['spoor run --dry-run -- python train_network.py …', 'look before you start'],
        ],
        "Exits with the trainer's own status, 128 + n for signal n.",
      ),
    )
    .action(
      does(async (command: string[], options) => (await import('../commands/run.ts')).run(context, command, options)),
    );
};
