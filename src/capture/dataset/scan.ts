/** The dataset before launch: captions are read, images only looked at. */
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatasetState, Told, Warning } from '../../model/facts.ts';
import type { Captured, LaterWork } from '../../model/later.ts';
import type { HashCache, HashCaches, ObjectStore } from '../../model/ports.ts';
import type { NamedDataset } from '../../trainers/trainer.ts';
import { defaultKeepBytes, KeepingRoom } from './keeping.ts';
import { fileSystemPath } from './listing.ts';
import { type DraftFile, draftBytes, manifestBytes, objectsNamed, sortFiles, toManifestFile } from './manifest.ts';
import { readText } from './read-text.ts';
import { cacheName, datasetState, rootStates, withFolders } from './state.ts';
import { type WalkLimits, walkDataset } from './walk.ts';

export interface DatasetRequest {
  /** In the order the configuration names them; a directory named twice is read once. */
  roots: readonly NamedDataset[];
  objects: Pick<ObjectStore, 'has' | 'get'>;
  caches: HashCaches;
  /** Neither this directory nor one above it is searched. */
  userHome?: string | null;
  /** Bytes of images to keep. */
  keepBytes?: number;
  limits?: Partial<WalkLimits>;
}

export interface ScannedDataset extends Captured<Told> {
  warnings: Warning[];
  images: number;
}

const defaultLimits: WalkLimits = { files: 1_000_000, milliseconds: 20_000, depth: 32 };
/** A larger caption is hashed with the images. */
const longestText = 1 << 20;
/** All captions that are new, together; the rest is read with the images. */
const mostTextBytes = 256 << 20;
const textsPerTurn = 500;

/**
 * Files that the last run of these directories knew by their stamps are not read again. If nothing is
 * new, the fact is final; else it has no manifest yet, and `finishDataset` completes it.
 */
export async function scanDataset(request: DatasetRequest): Promise<ScannedDataset> {
  const { roots, objects, caches, userHome = null, keepBytes = defaultKeepBytes } = request;
  const states = rootStates(roots);
  const [cache, walked] = await Promise.all([
    caches.open(cacheName(states)),
    walkDataset(roots, { ...defaultLimits, ...request.limits }, userHome),
  ]);
  const files = sortFiles(walked.files.map(toManifestFile));
  const withinRoots = withFolders(states, walked.folders);
  const fact = (manifest: string | null) => datasetState(withinRoots, files, manifest, walked.omitted);
  const captured = (dataset: DatasetState, blobs: Uint8Array[], later: LaterWork[]): ScannedDataset => {
    return { facts: [{ type: 'dataset', dataset }], blobs, later, warnings: walked.warnings, images: dataset.images };
  };
  if (lookUp(files, roots, cache) && (await isAllStored(files, cache, objects))) {
    return captured(fact(cache.remembered), [], []);
  }
  const stored = await objectsOfLastRun(cache, objects);
  const blobs = await readNewTexts(files, roots, stored);
  const room = new KeepingRoom(keepBytes, files);
  if (blobs.length === 0 && files.every((file) => file.sha256 !== null && (file.object !== null || !room.has(file)))) {
    const bytes = manifestBytes(files);
    cache.remembered = hash('sha256', bytes, 'hex');
    await cache.save();
    return captured(fact(cache.remembered), [bytes], []);
  }
  const bytes = draftBytes(files);
  const dataset = fact(null);
  const work: LaterWork = { kind: 'dataset', dataset, draft: hash('sha256', bytes, 'hex'), keepBytes };
  return captured(dataset, [...blobs, bytes], [work]);
}

/** A manifest is stored after all that it names, so that one look-up answers for thousands of files. */
async function objectsOfLastRun(cache: HashCache, objects: DatasetRequest['objects']): Promise<Set<string>> {
  if (cache.remembered === null) return new Set();
  try {
    return objectsNamed(await objects.get(cache.remembered));
  } catch {
    return new Set();
  }
}

/** Fills in the hashes that the cache knows; @returns whether it knows all */
function lookUp(files: readonly DraftFile[], roots: readonly NamedDataset[], cache: HashCache): boolean {
  let isKnown = true;
  for (const file of files) {
    const known = cache.get(cacheKey(fileSystemPath(roots[file.root]!.path, file.at)), file.stamp);
    if (known === null) isKnown = false;
    else file.sha256 = known.sha256;
  }
  return isKnown;
}

/** Whether this is the last run's dataset with every image kept: the usual case, told without reading its manifest. */
async function isAllStored(
  files: readonly DraftFile[],
  cache: HashCache,
  objects: DatasetRequest['objects'],
): Promise<boolean> {
  for (const file of files) file.object = file.sha256;
  const manifest = hash('sha256', manifestBytes(files), 'hex');
  return manifest === cache.remembered && (await objects.has(manifest));
}

/** Fills in what the store has of each file; @returns the captions whose bytes are not yet stored */
async function readNewTexts(
  files: readonly DraftFile[],
  roots: readonly NamedDataset[],
  stored: ReadonlySet<string>,
): Promise<Uint8Array[]> {
  const texts = new Map<string, Uint8Array>();
  let room = mostTextBytes;
  let read = 0;
  for (const file of files) {
    file.object = file.sha256 !== null && stored.has(file.sha256) ? file.sha256 : null;
    if (file.kind === 'image' || file.object !== null || file.bytes > Math.min(longestText, room)) continue;
    const text = readText(fileSystemPath(roots[file.root]!.path, file.at), longestText);
    if (text === null) continue;
    const sha256 = hash('sha256', text.content, 'hex');
    room -= text.content.length;
    file.stamp = text.stamp;
    file.bytes = text.content.length;
    file.sha256 = sha256;
    file.object = sha256;
    file.hashedAtNs = text.atNs;
    if (!stored.has(sha256)) texts.set(sha256, text.content);
    if (++read % textsPerTurn === 0) await nextTurn();
  }
  return [...texts.values()];
}

/** Paths of bytes and of text share one cache. */
export function cacheKey(path: string | Buffer): string {
  return typeof path === 'string' ? path : path.toString('latin1');
}
