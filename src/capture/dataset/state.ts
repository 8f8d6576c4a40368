import type { DatasetState, Omitted } from '../../model/facts.ts';
import type { NamedDataset } from '../../trainers/trainer.ts';
import { datasetDigest, type ManifestFile } from './manifest.ts';
import type { FoundFolder } from './walk.ts';

/** Listed in the record; the rest is counted. */
const mostOmitted = 1_000;

export function rootStates(roots: readonly NamedDataset[]): DatasetState['roots'] {
  return roots.map(({ path, kind, repeats, classTokens, captionExtension }) => ({
    path,
    kind,
    repeats,
    classTokens,
    captionExtension,
  }));
}

/** With the folders found in them; what the only one says holds of the whole. */
export function withFolders(roots: DatasetState['roots'], found: readonly FoundFolder[]): DatasetState['roots'] {
  return roots.map((root, index) => {
    const folders = found.filter((folder) => folder.root === index).map(({ root: _, ...folder }) => folder);
    if (folders.length === 0) return root;
    const [only] = folders.length === 1 ? folders : [];
    return { ...root, ...(only && { repeats: only.repeats, classTokens: only.classTokens }), folders };
  });
}

/** Name of the hash cache: the same directories find the same hashes. */
export function cacheName(roots: DatasetState['roots']): string {
  return `dataset\0${[...new Set(roots.map(({ path }) => path))].join('\0')}`;
}

/** @param files sorted */
export function datasetState(
  roots: DatasetState['roots'],
  files: readonly ManifestFile[],
  manifest: string | null,
  omitted: readonly Omitted[],
  omittedMore = 0,
): DatasetState {
  let [count, images, captions, bytes, imagesKept] = [0, 0, 0, 0, 0];
  for (const file of files) {
    if (file.kind === 'unread-caption') continue;
    count++;
    bytes += file.bytes;
    if (file.kind === 'caption') captions++;
    if (file.kind !== 'image') continue;
    images++;
    if (file.object !== null) imagesKept++;
  }
  return {
    roots,
    files: count,
    images,
    captions,
    bytes,
    // Nothing found is nothing known: two missing datasets are not the same one.
    sha256: count === 0 ? null : datasetDigest(files),
    manifest,
    imagesKept,
    omitted: omitted.slice(0, mostOmitted),
    omittedMore: omittedMore + Math.max(0, omitted.length - mostOmitted),
  };
}
