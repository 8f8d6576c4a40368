import { aRun, type Define } from './define.ts';

/** Commands that serve what is recorded to pages and programs. */
export const defineServing: Define = (program, { context, does, more }) => {
  program.commandsGroup('Look at runs:');

  program
    .command('ui')
    .description('open the page: look at runs, samples and what changed in a browser')
    .option('--port <number>', 'where to listen (default: 7767, else any that is free)')
    .option('--no-open', 'print the address and open no browser')
    .addHelpText(
      'after',
      more(
        [
          ['spoor ui', 'opens your browser; Ctrl-C ends the server'],
          ['spoor ui --no-open', 'prints an address that opens once'],
        ],
        'If a server of these records runs on this machine already, its page is opened and the command ends. A browser that was let in once is let in again at the same port, for 30 days: pages left open go on after a restart, and a bookmark works. Over ssh, or without a screen, no browser is opened: the address is printed with the line that forwards its port. $BROWSER names another browser.',
      ),
    )
    .action(does(async (options) => (await import('../commands/ui.ts')).ui(context, options)));

  program
    .command('serve')
    .description('serve the records to pages and programs of this machine')
    .option('--port <number>', 'where to listen (default: 7767, else any that is free)')
    .option('--host <address>', 'what to listen on', '127.0.0.1')
    .option('--open-to-network', 'allow a host that other machines reach: they can try to connect, unencrypted')
    .option('--json', 'print the address and the token for programs as JSON')
    .addHelpText(
      'after',
      more(
        [
          ['spoor serve', 'prints an address that opens once'],
          ['spoor serve --json --port 0', 'for a program'],
          ['ssh -L 7767:127.0.0.1:7767 gpu-box spoor serve', "another machine's records"],
        ],
        'Whoever has the token can read and change the records. docs/api.md describes the interface.',
      ),
    )
    .action(does(async (options) => (await import('../commands/serve.ts')).serve(context, options)));

  program
    .command('share')
    .description('write the pages of some runs as a site: for a web server, or to be opened from a disk')
    .argument('<run...>', aRun)
    .requiredOption('--html <directory>', 'where to: a directory that is new, or empty')
    .option('--without <parts>', 'leave out, with commas between: samples, prompts, captions, log, code')
    .option('--with <parts>', 'put in as well: full-size (of samples), dataset (small pictures of it)')
    .option('--with-secrets', 'although likely secrets were found')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [['spoor share wolf-v3 wolf-v4 --html ./wolf'], ['spoor share @ --html ./wolf --without prompts,log']],
        'Only these runs are in it, samples as they are previewed and no pictures of the dataset; paths of your home are shortened to ~, and the name of the machine goes. It exits with 78 while likely secrets are inside. docs/sharing.md tells what is written.',
      ),
    )
    .action(
      does(async (runs: string[], options) => (await import('../commands/share.ts')).share(context, runs, options)),
    );
};
