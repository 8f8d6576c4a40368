import type { Define } from './define.ts';

/** Commands that help with Spoor itself. */
export const defineHelping: Define = (program, { context, does, more }) => {
  program.commandsGroup('Set up:');

  program
    .command('doctor')
    .description('examine what recording needs, and say how to mend it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more([['spoor doctor']], 'Exits with 69 if something stands in the way of recording, else with 0.'),
    )
    .action(does(async (options) => (await import('../commands/doctor.ts')).doctor(context, options)));

  program
    .command('config')
    .description('show the settings that are in force, and where each comes from')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [['spoor config']],
        'They are read from $XDG_CONFIG_HOME/spoor/config.toml, by default ~/.config/spoor/config.toml; docs/settings.md describes them. Exits with 65 if the file has something that cannot be understood.',
      ),
    )
    .action(does(async (options) => (await import('../commands/config.ts')).config(context, options)));

  program
    .command('completion')
    .description('print the completion of commands, options and run names for a shell')
    .addArgument(program.createArgument('<shell>', 'zsh, bash or fish').choices(['zsh', 'bash', 'fish']))
    .addHelpText(
      'after',
      more([
        ['eval "$(spoor completion zsh)"', 'in ~/.zshrc, below compinit'],
        ['eval "$(spoor completion bash)"', 'in ~/.bashrc'],
        ['spoor completion fish | source', 'in ~/.config/fish/config.fish'],
      ]),
    )
    .action(does(async (shell: string) => (await import('../commands/completion.ts')).completion(context, shell)));

  program
    .command('complete', { hidden: true })
    .description('answer a shell that asks what may stand at the cursor')
    .argument('[words...]', 'the words of the command line behind spoor')
    .action(does(async (words: string[]) => (await import('../commands/completion.ts')).completeWords(context, words)));
};
