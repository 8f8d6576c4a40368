import type { ShellName } from '../commands/shell/library.ts';
import { type Define, repeat } from './define.ts';

/** The library of training scripts, and what it asks for. */
export const defineShell: Define = (program, { context, does, more }) => {
  program.commandsGroup('Set up:');

  const shell = program
    .command('shell')
    .description('print the functions for training scripts, to be sourced')
    .usage('[options] <zsh|bash>')
    .enablePositionalOptions()
    .helpCommand(false)
    .addArgument(program.createArgument('<shell>', 'zsh or bash').choices(['zsh', 'bash']))
    .option('--install', 'put them at ~/toolkit/SHELL/train_functions.SHELL')
    .addHelpText(
      'after',
      more(
        [
          ['spoor shell zsh --install', "where the guide's script looks for them"],
          ['source <(spoor shell bash)', 'in a script, without a file'],
        ],
        'They are setup_training_vars, setup_conda_env, store_commits_hashes, run_training_script, cleanup_empty_output and get_lycoris_repo; see docs/guide.md.',
      ),
    )
    .action(
      does(async (name: ShellName, options) =>
        (await import('../commands/shell/library.ts')).shellLibrary(context, name, options),
      ),
    );

  const asked = (name: string, description: string) =>
    shell
      .command(name, { hidden: true })
      .description(description)
      .option('--debug', 'tell what is done and found')
      .option('--dry-run', 'start and write nothing');

  asked('vars', 'for setup_training_vars')
    .argument('<name>')
    .requiredOption('--steps <number>')
    .requiredOption('--training-dir <dir>')
    .requiredOption('--output-dir <dir>')
    .option('--allow-existing')
    .action(
      does(async (name: string, options) =>
        (await import('../commands/shell/vars.ts')).shellVars(context, name, options),
      ),
    );

  asked('conda', 'for setup_conda_env')
    .argument('<shell>')
    .argument('<environment>')
    .requiredOption('--conda <path>')
    .action(
      does(async (name: ShellName, environment: string, options) =>
        (await import('../commands/shell/conda.ts')).shellConda(context, name, environment, options),
      ),
    );

  asked('store', 'for store_commits_hashes')
    .argument('[repos...]')
    .requiredOption('--name <name>')
    .requiredOption('--directory <dir>')
    .requiredOption('--training-dir <dir>')
    .requiredOption('--script <file>')
    .action(
      does(async (repos: string[], options) =>
        (await import('../commands/shell/store.ts')).shellStore(context, repos, options),
      ),
    );

  asked('run', 'for run_training_script')
    .argument('<command...>')
    .requiredOption('--name <name>')
    .requiredOption('--steps <number>')
    .requiredOption('--training-dir <dir>')
    .requiredOption('--directory <dir>')
    .requiredOption('--script <file>')
    .option('--repo <path>', 'one more repository', repeat)
    .option('--reason <text>')
    .option('--no-clean')
    .passThroughOptions()
    .action(
      does(async (command: string[], options) =>
        (await import('../commands/shell/run.ts')).shellRun(context, command, options),
      ),
    );

  asked('lycoris', 'for get_lycoris_repo').action(
    does(async () => (await import('../commands/shell/lycoris.ts')).shellLycoris(context)),
  );
};
