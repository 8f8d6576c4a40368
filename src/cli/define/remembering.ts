import { type Define, repeat } from './define.ts';

/** Commands that look back over many runs, those of before Spoor among them. */
export const defineRemembering: Define = (program, { context, does, more }) => {
  program.commandsGroup('Look back:');

  program
    .command('import')
    .description('make runs of earlier trainings: their directories, models, logs and packs')
    .argument('<path...>', 'a directory of trainings, or a file of one')
    .option('--map <old=new>', 'what lay below OLD lies below NEW now (repeatable)', repeat)
    .option('--dry-run', 'only say what would be imported')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [
          ['spoor import ~/loras', 'a folder of old models: families, settings, a history'],
          ['spoor import ~/output --map /workspace/data=~/data', 'with the dataset of that day'],
          ['spoor import wolf-v3.spoor.tar', 'a pack from another machine'],
        ],
        'Nothing there is changed, and doing it again adds only what is new. What the files do not tell stays unknown; a dataset is read only where --map says that it is the one, and the model does not contradict.',
      ),
    )
    .action(
      does(async (paths: string[], options) =>
        (await import('../commands/import.ts')).importCommand(context, paths, options),
      ),
    );
};
