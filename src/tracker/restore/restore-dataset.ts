import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatasetState } from '../../model/facts.ts';
import { concurrently } from '../../store/concurrently.ts';
import type { Home } from '../../store/home.ts';
import type { Tell } from '../events.ts';
import { type FoundContent, pathOf } from './content.ts';
import { attempt, freeName, placeInside, writeObject } from './inside.ts';
import { type ListedFile, readManifest } from './manifest.ts';
import type { NotRestored } from './restored.ts';

export interface RestoredDataset {
  /** Original directories and where they stand now, both absolute. */
  roots: { from: string; to: string }[];
  files: number;
  /** Of these, how many were not kept and stood elsewhere. */
  found: number;
  missing: NotRestored[];
}

const atOnce = 16;

/** Writes captions, metadata and kept images; other images are looked for by their hash. Errors: `cannot-write`. */
export async function restoreDataset(
  { objects }: Home,
  dataset: DatasetState,
  into: string,
  content: FoundContent,
  tell: Tell,
): Promise<RestoredDataset> {
  const roots = placesOf(dataset.roots, into);
  for (const { to } of roots) await mkdir(to, { recursive: true });
  const result: RestoredDataset = { roots, files: 0, found: 0, missing: omittedOf(dataset) };
  const listed = dataset.manifest === null ? null : await readManifest(objects, dataset.manifest);
  if (listed === null) {
    const reason = dataset.manifest === null ? 'its files were never listed' : 'the store has lost its list of files';
    result.missing.push({ kind: 'dataset', path: 'dataset', reason, sha256: dataset.manifest, bytes: dataset.bytes });
    return result;
  }
  const made = new Set<string>();
  const twins = Map.groupBy(listed, ({ sha256 }) => sha256);
  await concurrently(listed, atOnce, async (file) => {
    const top = roots[file.root]?.to;
    const lost =
      top === undefined
        ? 'it belongs to no directory of the dataset'
        : await attempt(join(top, file.path), () => place(file, top));
    if (lost === null) result.files++;
    else result.missing.push(notRestored(file, top === undefined ? 'dataset' : top.slice(into.length + 1), lost));
    tell({ type: 'progress', what: 'restoring the dataset', done: result.files, total: listed.length });
  });
  result.missing.sort((a, b) => (a.path < b.path ? -1 : 1));
  return result;

  /** @returns null, or why it cannot be had */
  async function place(file: ListedFile, top: string): Promise<string | null> {
    const path = await placeInside(top, file.parts, made);
    if (path === null) return 'a file stands where its folder should be';
    const kept = file.object ?? file.sha256;
    const lost = kept === null ? 'it was never hashed' : await writeObject(objects, kept, file.bytes, path);
    if (lost === null) return null;
    if (file.sha256 === null) return lost;
    const places = (twins.get(file.sha256) ?? [file]).map((twin) => {
      return pathOf(dataset.roots[twin.root]?.path ?? '/nonexistent', twin.parts);
    });
    if (!(await content.copy(file.sha256, places, path))) {
      return file.object === null ? 'it was not kept, and no file with its hash was found' : lost;
    }
    result.found++;
    return null;
  }
}

/**
 * One directory with DreamBooth's folders, or one that was given, becomes `dataset/` itself; else each
 * stands below it under its own name, which the trainer may write into its metadata.
 */
function placesOf(roots: DatasetState['roots'], into: string): { from: string; to: string }[] {
  const top = join(into, 'dataset');
  const places = new Map<string, string>();
  const distinct = new Set(roots.map(({ path }) => path));
  const isWhole = distinct.size === 1 && roots.some(({ folders, kind }) => folders !== undefined || kind === 'given');
  const taken = new Set<string>();
  for (const path of distinct) places.set(path, isWhole ? top : join(top, freeName(basename(path), taken)));
  return roots.map(({ path }) => ({ from: path, to: places.get(path)! }));
}

function omittedOf({ omitted, omittedMore }: DatasetState): NotRestored[] {
  const listed = omitted.map(({ path, reason, bytes, sha256 }): NotRestored => {
    return { kind: 'dataset', path: `dataset/${path}`, reason: `it was not recorded (${reason})`, sha256, bytes };
  });
  if (omittedMore === 0) return listed;
  const reason = `${omittedMore} more entries were not recorded`;
  return [...listed, { kind: 'dataset', path: 'dataset', reason, sha256: null, bytes: null }];
}

function notRestored({ kind, path, sha256, bytes }: ListedFile, top: string, reason: string): NotRestored {
  return { kind: kind === 'unread-caption' ? 'caption' : kind, path: `${top}/${path}`, reason, sha256, bytes };
}
