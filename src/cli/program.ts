import { Command, CommanderError } from 'commander';
import { SpoorError } from '../model/errors.ts';
import type { Context } from './context.ts';
import type { Define } from './define/define.ts';
import { type Example, examples, helpWidth, paragraphs, queryBehindOptions } from './help.ts';
import { version } from './package.ts';

export interface Program {
  command: Command;
  /** Runs one command line. Returns the exit status; throws SpoorError for what the user can mend. */
  run(argv: readonly string[]): Promise<number>;
}

/**
 * A command line: names, options, help. What a command does is loaded when it is called.
 *
 * @param groups in the order of the help text
 */
export function makeProgram(context: Context, groups: readonly Define[]): Program {
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
        'Records are kept in $SPOOR_HOME, by default ~/.local/share/spoor. Nothing is sent anywhere, unless you set a receiver of messages up (spoor notify).',
      ),
    );

  for (const define of groups) define(program, { context, does, more });
  settle(program);
  return {
    command: program,
    run: (argv) => interpret(program, argv[0] === 'ls' ? queryBehindOptions(argv) : argv, () => status),
  };
}

/** Commander hands these on only to commands made before they were set. */
function settle(parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride().configureOutput(parent.configureOutput());
    settle(command);
  }
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
