import type { Define } from './define.ts';

/** Commands that bring runs from other machines. */
export const definePulling: Define = (program, { context, does, more }) => {
  program.commandsGroup('Bring runs home:');

  program
    .command('pull')
    .description("bring another machine's runs home")
    .argument(
      '<address>',
      'ssh://[USER@]HOST[:PORT][/PATH]; PATH is the home there, by default wherever one usually is',
    )
    .option('-f, --follow', 'go on until the runs there have ended')
    .option('--ssh <command>', 'the ssh program and its options', 'ssh')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [
          ['spoor pull ssh://root@203.0.113.7:22022/workspace/.spoor', 'a rented machine'],
          ['spoor pull ssh://trainbox --follow', 'a name of your ~/.ssh/config, as it trains'],
          ['spoor pull ssh://trainbox --ssh "ssh -i ~/.ssh/rented"'],
        ],
        'The machine needs sshd and nothing else. What is here already is not brought again, so that it can be broken off and repeated at any time.',
      ),
    )
    .action(
      does(async (address: string, options) => (await import('../commands/pull.ts')).pull(context, address, options)),
    );
};
