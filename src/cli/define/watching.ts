import { aRun, type Define } from './define.ts';

/** Commands that draw what is measured. Apart from those that lists and pages are made by, which load in a moment. */
export const defineWatching: Define = (program, { context, does, more }) => {
  program.commandsGroup('Look at runs:');

  program
    .command('watch')
    .description('follow a run on the whole screen while it trains')
    .argument('[run]', `${aRun}; unless said the run that trains, else the latest`)
    .addHelpText(
      'after',
      more(
        [['spoor watch'], ['spoor watch wolf-v3']],
        'Keys: arrows, Tab or 1 to 9 for another run that trains, c charts, l log, s smoothing, ? help, q to leave. The training goes on whatever happens to this view, which only reads.',
        'Behind the curves stands that of the version before in the family. Samples are pictures in terminals with the graphics protocol of Kitty (kitty, Ghostty, WezTerm, Konsole), else names.',
      ),
    )
    .action(does(async (run: string | undefined) => (await import('../commands/watch.ts')).watch(context, run)));

  program
    .command('plot')
    .description('draw what was measured of runs: loss, learning rate, any series')
    .argument('[runs...]', `${aRun}; several are drawn over each other`, ['@'])
    .option('--tag <series>', 'the series: loss/average unless said, else the first that there is')
    .option('--smooth <weight>', 'from 0 to below 1: 0.9 for losses of single steps unless said, else 0')
    .option('--x <axis>', 'step, time, epoch or images', 'step')
    .option('--log', 'a logarithmic axis')
    .option('--png <file>', 'write a picture')
    .option('--svg <file>', 'write a drawing')
    .option('--json', 'print JSON: every point')
    .addHelpText(
      'after',
      more(
        [
          ['spoor plot', 'the latest run, in the terminal'],
          ['spoor plot wolf-v3 wolf-v5 --tag loss/current --smooth 0.95'],
          ['spoor plot wolf-v3 wolf-v5 --x images --png loss.png', 'for runs of different batch sizes'],
        ],
        'A run that was resumed is drawn from its first beginning, with a mark where it goes on. Images are steps × batch × gradient accumulation × processes. Where a smaller loss would be no better, because another loss, batch or dataset was used, that is said.',
      ),
    )
    .action(
      does(async (runs: string[], options) => (await import('../commands/plot.ts')).plot(context, runs, options)),
    );
};
