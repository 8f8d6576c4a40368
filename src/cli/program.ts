import { Command, CommanderError } from 'commander';
import { SpoorError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { type Example, examples, helpWidth, paragraphs, queryBehindOptions } from './help.ts';
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

  const width = helpWidth(context);
  // Laid out only for whoever asks for help.
  const more =
    (lines: readonly Example[], ...texts: string[]) =>
    () =>
      [examples(lines, width), ...(texts.length > 0 ? [paragraphs(texts, width)] : [])].join('\n');
  const aRun = 'a RUN: id, name, name~1, @ or @~2; see spoor --help';

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
      getOutHelpWidth: () => width,
    })
    .addHelpText(
      'after',
      more(
        [
          ['spoor run -- accelerate launch train_network.py --config_file c.toml', 'record a training'],
          ['spoor ls status:failed since:7d', 'the failed runs of the last week'],
          ['spoor show @', 'the latest run'],
          ['spoor demo', 'see it work on a tiny training, in a throw-away home'],
        ],
        'A RUN is an id or its beginning, a name (the latest of that name), name~1 (the one before it), @ (the latest run) or @~2 (the second before it).',
        'Records are kept in $SPOOR_HOME, by default ~/.local/share/spoor. Nothing is sent anywhere.',
      ),
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
      does(async (command: string[], options) => (await import('./commands/run.ts')).run(context, command, options)),
    );

  program
    .command('ls')
    .description('list runs')
    .argument('[query...]', 'words and filters, all of which must hold')
    .option('--sort <key>', 'started, name, loss, duration or step; -key for the reverse', '-started')
    .option('-n, --limit <count>', 'at most so many runs')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [
          ['spoor ls status:failed dataset:wolf tag:good'],
          ["spoor ls 'lr>1e-4' 'dim>=16' since:7d", 'quote > from the shell'],
          ['spoor ls -tag:bad verdict:none grey wolf', 'a dash before it: without'],
        ],
        'Filters: name: status: dataset: model: version: family: tag: verdict: diagnosis: trainer: host: reason: output: id:. Commas between values mean any of them, * stands for any text, none for nothing said.',
        'Time: since: before: with 7d, 12h, today, yesterday, 2026-11 or 2026-11-01.',
        'Numbers: = != > >= < <= with loss, step, total, duration (2h), exit, lr, dim, alpha, batch, epochs, steps, seed or any setting of the trainer. Other words are searched in names, reasons, notes, tags and verdicts.',
      ),
    )
    .action(does(async (query: string[], options) => (await import('./commands/ls.ts')).ls(context, query, options)));

  program
    .command('show')
    .description('show one run')
    .argument('[run]', aRun, '@')
    .option('--all', 'everything: settings without effect, packages, every file made')
    .option('--json', 'print JSON')
    .addHelpText('after', more([['spoor show', 'the latest run'], ['spoor show wolf-v3 --json']]))
    .action(does(async (run: string, options) => (await import('./commands/show.ts')).show(context, run, options)));

  program
    .command('log')
    .description('print the terminal output of a run as it was')
    .argument('[run]', aRun, '@')
    .option('-f, --follow', 'go on printing while the run lives')
    .option('--clean', 'without the repeated progress bars, colours and links')
    .addHelpText(
      'after',
      more([['spoor log -f', 'the latest run, as it trains'], ['spoor log wolf-v3 --clean | less']]),
    )
    .action(does(async (run: string, options) => (await import('./commands/log.ts')).log(context, run, options)));

  program
    .command('note')
    .description('write a note on a run, in Markdown')
    .argument('<run>', aRun)
    .argument('[text...]', 'without it, standard input if it is redirected, else $EDITOR')
    .addHelpText(
      'after',
      more([
        ['spoor note wolf-v3 "paws are right at step 1200, ears melt"'],
        ['spoor note @ < observations.md', 'from a file'],
        ['spoor note @', 'in $EDITOR'],
      ]),
    )
    .action(
      does(async (run: string, text: string[]) => (await import('./commands/annotate.ts')).note(context, run, text)),
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
        (await import('./commands/annotate.ts')).tag(context, run, changes),
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
        (await import('./commands/annotate.ts')).verdict(context, run, verdict, options),
      ),
    );

  program
    .command('stop')
    .description('stop a running training, politely first')
    .argument('<run>', aRun)
    .option('--signal <name>', 'the first signal', 'SIGINT')
    .option('--wait <seconds>', 'how long to wait before asking harder', '30')
    .addHelpText('after', more([['spoor stop @'], ['spoor stop wolf-v3 --wait 300', 'it may finish saving']]))
    .action(does(async (run: string, options) => (await import('./commands/stop.ts')).stop(context, run, options)));

  program
    .command('rm')
    .description('move the records of runs to the trash')
    .argument('<run...>', aRun)
    .addHelpText('after', more([['spoor rm wolf-v3 @~2']], 'The files that the trainer wrote stay where they are.'))
    .action(does(async (runs: string[]) => (await import('./commands/rm.ts')).rm(context, runs)));

  program
    .command('pack')
    .description('write one self-contained file of a run')
    .argument('<run>', aRun)
    .option('-o, --output <file>', 'where to (default: NAME-ID.spoor.tar in this directory)')
    .option('--with-secrets', 'although likely secrets were found in its code')
    .option('--json', 'print JSON')
    .addHelpText('after', more([['spoor pack wolf-v3 -o wolf-v3.spoor.tar']]))
    .action(does(async (run: string, options) => (await import('./commands/pack.ts')).pack(context, run, options)));

  program
    .command('verify')
    .description('check every object against its hash and every fact against its schema')
    .argument('[run]', `${aRun}; without it, everything`)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more([
        ['spoor verify', 'the whole home'],
        ['spoor verify @', 'what the latest run needs'],
      ]),
    )
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
  return {
    command: program,
    run: (argv) => interpret(program, argv[0] === 'ls' ? queryBehindOptions(argv) : argv, () => status),
  };
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
    // `spoor help frob`: commander would print the general help as an error.
    if (error.code === 'commander.help') {
      const hint = 'See: spoor --help';
      throw new SpoorError('no-such-command', 'unknown-command', `unknown command '${argv[1] ?? ''}'`, hint);
    }
    const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    const named = program.commands.find((command) => command.name() === argv[0])?.name();
    const hint = `See: spoor ${named ? `${named} ` : ''}--help`;
    if (error.code === 'commander.unknownCommand')
      throw new SpoorError('no-such-command', 'unknown-command', message, hint);
    throw new SpoorError('usage', 'usage', message, hint);
  }
}
