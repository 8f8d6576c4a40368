import type { Define } from './define.ts';

/** Messages about what happens in a run. */
export const defineNotifying: Define = (program, { context, does, more }) => {
  program.commandsGroup('Set up:');

  const notify = program
    .command('notify')
    .description('be told when a run finishes, fails, stalls, or its loss is NaN')
    .addHelpText(
      'after',
      more(
        [['spoor notify test', 'after setting a receiver up']],
        'Receivers (the desktop, ntfy, Discord, any webhook, a command) are set up in ~/.config/spoor/config.toml, which docs/settings.md describes. Nothing is sent unless one is.',
      ),
    );

  notify
    .command('test')
    .description('send a test to each receiver, or to one, and tell how it answered')
    .argument('[receiver]', 'its name in the settings')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [['spoor notify test'], ['spoor notify test phone']],
        'Each is tried once. Exits with 69 if one did not take it.',
      ),
    )
    .action(
      does(async (receiver: string | undefined, options) =>
        (await import('../commands/notify.ts')).notifyTest(context, receiver, options),
      ),
    );
};
