import { type Define, repeat } from './define.ts';

/** Commands that look back over many runs, those of before Spoor among them. */
export const defineRemembering: Define = (program, { context, does, more }) => {
  program.commandsGroup('Look back:');

  program
    .command('import')
    .description('make runs of earlier trainings: their directories, models, logs and packs')
    .argument('<path...>', 'a directory of trainings, or a file of one')
    .option('--map <old=new>', 'what lay below OLD lies below NEW now (repeatable)', repeat)
    .option('--no-previews', 'keep no small pictures of the samples')
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

  program
    .command('history')
    .description('tell how a family came about: each version with what changed')
    .argument('[name]', 'a family, or a RUN of it; without it, the family of the latest run')
    .option('--param <key>', 'follow one setting through all its runs')
    .option('--markdown', 'a changelog to publish with the model')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more([
        ['spoor history noob-wolf'],
        ['spoor history noob-wolf --param learning_rate'],
        ['spoor history noob-wolf --markdown > CHANGELOG.md'],
      ]),
    )
    .action(
      does(async (name: string | undefined, options) =>
        (await import('../commands/history.ts')).history(context, name, options),
      ),
    );

  program
    .command('search')
    .description('find words in all that was recorded or said, and show where')
    .argument(
      '<words...>',
      'all of them stand in one place; several words in quotes stand together, wolf* begins with it',
    )
    .option('--in <places>', 'only in these: note, reason, verdict, prompt, caption, argument, commit, diagnosis')
    .option('-n, --limit <count>', 'at most so many runs', '20')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more([
        ['spoor search melted ears'],
        ['spoor search "green eyes" --in caption,prompt'],
        ['spoor search min_snr*', 'settings, too'],
      ]),
    )
    .action(
      does(async (words: string[], options) => (await import('../commands/search.ts')).search(context, words, options)),
    );
};
