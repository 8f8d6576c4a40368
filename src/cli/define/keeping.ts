import { aRun, type Define } from './define.ts';

/** Commands that look after what is kept. */
export const defineKeeping: Define = (program, { context, does, more }) => {
  program.commandsGroup('Look after the records:');

  program
    .command('rm')
    .description('move the records of runs to the trash')
    .argument('<run...>', aRun)
    .addHelpText('after', more([['spoor rm wolf-v3 @~2']], 'The files that the trainer wrote stay where they are.'))
    .action(does(async (runs: string[]) => (await import('../commands/rm.ts')).rm(context, runs)));

  program
    .command('pack')
    .description('write one self-contained file of a run')
    .argument('<run>', aRun)
    .option('-o, --output <file>', 'where to (default: NAME-ID.spoor.tar in this directory)')
    .option('--with-secrets', 'although likely secrets were found in its code')
    .option('--json', 'print JSON')
    .addHelpText('after', more([['spoor pack wolf-v3 -o wolf-v3.spoor.tar']]))
    .action(does(async (run: string, options) => (await import('../commands/pack.ts')).pack(context, run, options)));

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
        (await import('../commands/verify.ts')).verify(context, run, options),
      ),
    );

  program
    .command('reindex')
    .description('rebuild the catalog from the run folders')
    .option('--json', 'print JSON')
    .action(does(async (options) => (await import('../commands/reindex.ts')).reindex(context, options)));

  program
    .command('demo')
    .description('train a tiny adapter twice in a throw-away home and show both records')
    .option('--keep', 'keep the throw-away directory')
    .option('--open', 'then open the page on its runs, until Ctrl-C (at a terminal with a browser: by itself)')
    .option('--no-open', 'open no page')
    .action(does(async (options) => (await import('../commands/demo.ts')).demo(context, options)));
};
