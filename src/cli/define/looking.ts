import { aRun, type Define } from './define.ts';

/** Commands that only look at runs. */
export const defineLooking: Define = (program, { context, does, more }) => {
  program.commandsGroup('Look at runs:');

  program
    .command('ls')
    .description('list runs')
    .argument('[query...]', 'words and filters, all of which must hold')
    .option('--sort <key>', 'started, name, loss, duration, step, stars or verdict; -key for the reverse', '-started')
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
        'Numbers: = != > >= < <= with loss, step, total, duration (2h), exit, gpu_hours, cost, stars, lr, dim, alpha, batch, epochs, steps, seed or any setting of the trainer. Other words are searched in names, reasons, notes, tags and verdicts.',
      ),
    )
    .action(does(async (query: string[], options) => (await import('../commands/ls.ts')).ls(context, query, options)));

  program
    .command('ps')
    .description('list the runs that train now: phase, step, time left, loss, GPU')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [['spoor ps'], ['watch -c spoor ps', 'again every two seconds']],
        'ETA is by what a step took lately; ~ stands before it while the training pauses for samples, validation or a checkpoint. MEMORY is of the fullest GPU, else of the trainer. A run that has been silent for longer than is usual is said to be.',
      ),
    )
    .action(does(async (options) => (await import('../commands/ps.ts')).ps(context, options)));

  program
    .command('show')
    .description('show one run')
    .argument('[run]', aRun, '@')
    .option('--all', 'everything: settings without effect, packages, every file made')
    .option('--json', 'print JSON')
    .addHelpText('after', more([['spoor show', 'the latest run'], ['spoor show wolf-v3 --json']]))
    .action(does(async (run: string, options) => (await import('../commands/show.ts')).show(context, run, options)));

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
    .action(does(async (run: string, options) => (await import('../commands/log.ts')).log(context, run, options)));

  program
    .command('samples')
    .description('show the sample images of runs: prompts in rows, steps in columns')
    .argument('[runs...]', `${aRun}; several stand beside each other`, ['@'])
    .option('--contact-sheet <file>', 'write one picture of all of them, a PNG')
    .option('--no-images', 'names only, although the terminal can show pictures')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [
          ['spoor samples', 'of the latest run'],
          ['spoor samples wolf-v3 wolf-v5 --contact-sheet wolves.png', 'two versions side by side'],
        ],
        'Pictures are shown in terminals with the graphics protocol of Kitty (kitty, Ghostty, WezTerm, Konsole). A prompt is that of the file which was in force when the sample was made.',
      ),
    )
    .action(
      does(async (runs: string[], options) => (await import('../commands/samples.ts')).samples(context, runs, options)),
    );
};
