import type { Define } from './define.ts';

/** Commands that begin with a file, not with a run. */
export const defineTracing: Define = (program, { context, does, more }) => {
  program.commandsGroup('Files without a run:');

  program
    .command('whence')
    .description('say which run and step made a model, a sample or the LoRAs of a render')
    .argument('<file...>', 'files; directories are looked through')
    .option('--headers', 'read no more than headers: faster, and less sure')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [
          ['spoor whence wolf_final_v2.safetensors', 'though it was renamed or its metadata edited'],
          ['spoor whence ~/webui/outputs', 'which checkpoints are really used'],
        ],
        'Goes by the hash of the tensors, then by the training session that the header names, then by the name, and says how sure that is. Of a file that no run knows it tells what its own header says.',
      ),
    )
    .action(
      does(async (files: string[], options) => (await import('../commands/whence.ts')).whence(context, files, options)),
    );

  program
    .command('inspect')
    .description('show what a model file or a PNG tells of itself')
    .argument('<file...>', 'files')
    .option('--hashes', 'read the whole file: SHA-256, AutoV2, AutoV3, sshs_*, A1111')
    .option('--norms', 'read the tensors: the norm of each block')
    .option('--all', 'every block, argument, tag and text of the header')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      more(
        [['spoor inspect wolf.safetensors'], ['spoor inspect --hashes --json wolf.safetensors']],
        'Only the header is read unless hashes or norms are asked for. Pickles (.pt, .ckpt) are never opened as such, since that executes what they say.',
      ),
    )
    .action(
      does(async (files: string[], options) =>
        (await import('../commands/inspect.ts')).inspect(context, files, options),
      ),
    );
};
