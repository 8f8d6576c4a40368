import { Command, CommanderError } from 'commander';
import { SpoorError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { version } from './package.ts';

export interface Program {
  command: Command;
  /** Runs one command line. Returns the exit status; throws SpoorError for what the user can mend. */
  run(argv: readonly string[]): Promise<number>;
}

/** The whole command line: names, options, help. What a command does is loaded when it is called. */
export function makeProgram(context: Context): Program {
  let status = 0;
  const does =
    <Arguments extends unknown[]>(action: (...args: Arguments) => Promise<number>) =>
    async (...args: Arguments): Promise<void> => {
      status = await action(...args);
    };

  const program = new Command('spoor')
    .description('Records everything that made a LoRA training run, without touching the trainer.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(context.columns, 100),
    })
    .addHelpText(
      'after',
      examples(
        ['spoor run -- accelerate launch train_network.py --config_file config.toml', 'record a training'],
        ['spoor ls status:failed since:7d', 'the failed runs of the last week'],
        ['spoor show @', 'the latest run'],
        ['spoor demo', 'see it work on a tiny training, in a throw-away home'],
      ) + '\n\nA RUN is an id or its beginning, a name, name~1 (the one before), @ (the latest) or @~2.',
    );

  const repeat = (value: string, previous: string[] = []) => [...previous, value];
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
    .option('--strict', 'refuse to start when a repository is dirty, a file is missing, or the output holds models')
    .option('--no-clean', 'keep the output directory of a failed run')
    .option('--dry-run', 'capture and show everything, start nothing')
    .option('--detach', 'start in the background; survives this terminal')
    .option('--pty', 'give the trainer a terminal of its own (does not survive Spoor)')
    .option('--json', 'with --dry-run: print the record as JSON')
    .passThroughOptions()
    .addHelpText(
      'after',
      examples(
        ['spoor run -- python train_network.py --config_file config.toml', ''],
        ['spoor run --reason "halve the rate" -- accelerate launch train_network.py --config_file c.toml', ''],
        ['spoor run --dry-run -- python train_network.py --config_file config.toml', 'look before you start'],
      ),
    )
    .action(
      does(async (command: string[], options) => (await import('./commands/run.ts')).run(context, command, options)),
    );

  program
    .command('ls')
    .description('list runs')
    .argument('[query...]', 'words and filters, all of which must hold')
    .option('--sort <key>', 'started, ended, name, status, duration, step or loss; -key for the reverse', '-started')
    .option('-n, --limit <count>', 'at most so many runs')
    .option('--json', 'print JSON')
    .passThroughOptions()
    .addHelpText(
      'after',
      `${examples(
        ['spoor ls status:failed dataset:wolf tag:good', ''],
        ["spoor ls 'lr>1e-4' 'dim>=16' since:7d", 'quote > from the shell'],
        ['spoor ls -tag:bad verdict:none grey wolf', '- before a filter: without it'],
      )}\n\nFilters: name: status: dataset: model: version: family: tag: verdict: trainer: host: reason: id: since: before:,\nand comparisons (= != > >= < <=) of loss, step, duration, version or any numeric setting.`,
    )
    .action(does(async (query: string[], options) => (await import('./commands/ls.ts')).ls(context, query, options)));

  program
    .command('show')
    .description('show one run')
    .argument('<run>')
    .option('--all', 'everything: settings without effect, packages, every file made')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['spoor show @', 'the latest run'], ['spoor show wolf-v3 --json', '']))
    .action(does(async (run: string, options) => (await import('./commands/show.ts')).show(context, run, options)));

  program
    .command('log')
    .description('print the terminal output of a run as it was')
    .argument('<run>')
    .option('-f, --follow', 'go on printing while the run lives')
    .option('--clean', 'without the repeated progress bars, colours and links')
    .addHelpText('after', examples(['spoor log @ -f', ''], ['spoor log wolf-v3 --clean | less', '']))
    .action(does(async (run: string, options) => (await import('./commands/log.ts')).log(context, run, options)));

  program
    .command('note')
    .description('write a note on a run (Markdown; $EDITOR without a text)')
    .argument('<run>')
    .argument('[text...]')
    .addHelpText('after', examples(['spoor note wolf-v3 "paws are right at step 1200, ears still melt"', '']))
    .action(
      does(async (run: string, text: string[]) => (await import('./commands/annotate.ts')).note(context, run, text)),
    );

  program
    .command('tag')
    .description('add and remove tags')
    .argument('<run>')
    .argument('<changes...>', '+tag or tag to add, -tag to remove')
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText('after', examples(['spoor tag wolf-v3 +good -draft', '']))
    .action(
      does(async (run: string, changes: string[]) =>
        (await import('./commands/annotate.ts')).tag(context, run, changes),
      ),
    );

  program
    .command('verdict')
    .description('say how a run turned out')
    .argument('<run>')
    .addArgument(program.createArgument('<verdict>', 'worked, failed, mixed, or none to take it back'))
    .option('--why <text>', 'what worked, what failed, and why')
    .addHelpText('after', examples(['spoor verdict wolf-v3 worked --why "fur holds at every weight"', '']))
    .action(
      does(async (run: string, verdict: string, options) =>
        (await import('./commands/annotate.ts')).verdict(context, run, verdict, options),
      ),
    );

  program
    .command('stop')
    .description('stop a running training, politely first')
    .argument('<run>')
    .option('--signal <name>', 'the first signal', 'SIGINT')
    .option('--wait <seconds>', 'how long to wait before asking harder', '30')
    .addHelpText('after', examples(['spoor stop @', ''], ['spoor stop wolf-v3 --wait 300', '']))
    .action(does(async (run: string, options) => (await import('./commands/stop.ts')).stop(context, run, options)));

  program
    .command('rm')
    .description('move the records of runs to the trash')
    .argument('<run...>')
    .addHelpText('after', examples(['spoor rm @', 'the files that the trainer wrote stay where they are']))
    .action(does(async (runs: string[]) => (await import('./commands/rm.ts')).rm(context, runs)));

  program
    .command('pack')
    .description('write one self-contained file of a run')
    .argument('<run>')
    .option('-o, --output <file>', 'where to (default: NAME-ID.spoor.tar in this directory)')
    .option('--with-secrets', 'although likely secrets were found in its code')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['spoor pack wolf-v3 -o wolf-v3.spoor.tar', '']))
    .action(does(async (run: string, options) => (await import('./commands/pack.ts')).pack(context, run, options)));

  program
    .command('verify')
    .description('check every object against its hash and every fact against its schema')
    .argument('[run]')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['spoor verify', 'the whole home'], ['spoor verify @', 'what the latest run needs']))
    .action(
      does(async (run: string | undefined, options) =>
        (await import('./commands/verify.ts')).verify(context, run, options),
      ),
    );

  program
    .command('reindex')
    .description('rebuild the catalog from the run folders')
    .option('--json', 'print JSON')
    .action(does(async (options) => (await import('./commands/reindex.ts')).reindex(context, options)));

  program
    .command('demo')
    .description('train a tiny adapter twice in a throw-away home and show both records')
    .option('--keep', 'keep the throw-away directory')
    .action(does(async (options) => (await import('./commands/demo.ts')).demo(context, options)));

  for (const command of program.commands) command.exitOverride().configureOutput(program.configureOutput());
  return { command: program, run: async (argv) => interpret(program, argv, () => status) };
}

async function interpret(program: Command, argv: readonly string[], status: () => number): Promise<number> {
  try {
    if (argv.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(argv, { from: 'user' });
    return status();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, '');
    const named = program.commands.find(({ name }) => name() === argv[0])?.name();
    const hint = `See: spoor ${named ? `${named} ` : ''}--help`;
    if (error.code === 'commander.unknownCommand')
      throw new SpoorError('no-such-command', 'unknown-command', message, hint);
    throw new SpoorError('usage', 'usage', message, hint);
  }
}

function examples(...lines: [command: string, what: string][]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const line = ([command, what]: [string, string]) => `  ${what ? `${command.padEnd(width)}  ${what}` : command}`;
  return `\nExamples:\n${lines.map(line).join('\n')}`;
}
