import { aRun, type Define } from './define.ts';
import { defineRun } from './run.ts';

/** Commands that start and end a training. */
export const defineRecording: Define = (program, given) => {
  const { context, does, more } = given;
  program.commandsGroup('Record a training:');

  defineRun(program, given);

  program
    .command('stop')
    .description('stop a running training, politely first')
    .argument('<run>', aRun)
    .option('--signal <name>', 'the first signal', 'SIGINT')
    .option('--wait <seconds>', 'how long to wait before asking harder', '30')
    .addHelpText('after', more([['spoor stop @'], ['spoor stop wolf-v3 --wait 300', 'it may finish saving']]))
    .action(does(async (run: string, options) => (await import('../commands/stop.ts')).stop(context, run, options)));
};
