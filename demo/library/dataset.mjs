/** A DreamBooth dataset: `<repeats>_<class tokens>/` with images and captions beside them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import { resized, toSigned } from './canvas.mjs';
import { PythonError } from './failure.mjs';
import { side } from './low-rank.mjs';
import { decodePng } from './png.mjs';
import { log } from './terminal.mjs';
import { tagsOf } from './text-encoder.mjs';

/**
 * @typedef {{ path: string, tags: string[], target: Float32Array }} Example `target`: the picture, −1 to 1
 * @typedef {{ folder: string, repeats: number, classTokens: string, examples: Example[] }} Subset
 */

/**
 * @param {string | null} directory `--train_data_dir`
 * @param {string} captionExtension
 * @returns {Subset[]}
 */
export function readDataset(directory, captionExtension) {
  if (directory === null || !existsSync(directory) || !statSync(directory).isDirectory()) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((folder) => readSubset(directory, folder, captionExtension));
}

/**
 * @param {string} directory
 * @param {string} folder
 * @param {string} captionExtension
 * @returns {Subset[]} none if the folder's name does not begin with repeats
 */
function readSubset(directory, folder, captionExtension) {
  const [, repeats, classTokens = ''] = /^(\d+)_(.*)$/s.exec(folder) ?? [];
  if (repeats === undefined) {
    log(`ignore directory without repeats / 繰り返し回数のないディレクトリを無視します: ${folder}`, 'WARNING');
    return [];
  }
  const root = join(directory, folder);
  const images = readdirSync(root)
    .filter((name) => name.toLowerCase().endsWith('.png'))
    .sort();
  log(`found directory ${root} contains ${images.length} image files`);
  const examples = images.map((name) => {
    const path = join(root, name);
    const captionPath = join(root, parse(name).name + captionExtension);
    const caption = existsSync(captionPath) ? (readFileSync(captionPath, 'utf8').split('\n', 1)[0] ?? '') : classTokens;
    return { path, tags: tagsOf(caption), target: readTarget(path) };
  });
  return [{ folder, repeats: Number(repeats), classTokens, examples }];
}

/** @param {string} path */
function readTarget(path) {
  try {
    return toSigned(resized(decodePng(readFileSync(path)), side, side));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PythonError('PIL.UnidentifiedImageError', `cannot identify image file '${path}': ${reason}`);
  }
}

/**
 * How often each tag stands in the captions of each folder, as `ss_tag_frequency` holds it.
 * @param {readonly Subset[]} subsets
 */
export function tagFrequency(subsets) {
  return Object.fromEntries(
    subsets.map(({ folder, examples }) => {
      /** @type {Record<string, number>} */
      const counts = {};
      for (const tag of examples.flatMap(({ tags }) => tags)) counts[tag] = (counts[tag] ?? 0) + 1;
      return [folder, counts];
    }),
  );
}
