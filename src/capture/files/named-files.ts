/** The files that the configuration names: small ones are read before launch, models are only identified. */
import type { FileRole, FileState, Told, Warning } from '../../model/facts.ts';
import type { Captured } from '../../model/later.ts';
import type { HashCache, HashCaches } from '../../model/ports.ts';
import type { NamedFile } from '../../trainers/trainer.ts';
import { hold, mostHeld } from './held-files.ts';
import { hubSnapshot } from './hub.ts';
import { type Identified, identifyModel, identifyModelDirectory, openModelCache, openPlain } from './model-file.ts';
import { nearestName } from './nearest-name.ts';
import { captureSmallFile, longestSmallFile, readSmall } from './small-file.ts';

export interface NamedFilesRequest {
  files: readonly NamedFile[];
  caches: HashCaches;
}

export interface CapturedFiles extends Captured<Told> {
  /** In the order of the request. */
  files: FileState[];
  warnings: Warning[];
  /** Descriptors of what is hashed later, for the process that hashes it. */
  held: number[];
}

interface One {
  file: FileState;
  blob?: Uint8Array | null;
  later?: Identified['later'];
  held?: number | null;
  warning?: Warning;
}

const modelRoles: ReadonlySet<FileRole> = new Set([
  'base-model',
  'vae',
  'network-weights',
  'text-encoder',
  'resume-state',
]);

/** A file that is missing, or cannot be read, becomes a fact of that kind and a warning. */
export async function captureNamedFiles({ files, caches }: NamedFilesRequest): Promise<CapturedFiles> {
  const cache = await openModelCache(caches);
  const all = await Promise.all(files.map((file, index) => captureOne(file, cache, index < mostHeld)));
  return {
    files: all.map(({ file }) => file),
    facts: all.map(({ file }): Told => ({ type: 'file', file })),
    blobs: all.flatMap(({ blob }) => blob ?? []),
    later: all.flatMap(({ later }) => later ?? []),
    warnings: all.flatMap(({ warning }) => warning ?? []),
    held: all.flatMap(({ held }) => held ?? []),
  };
}

async function captureOne(named: NamedFile, cache: HashCache, holds: boolean): Promise<One> {
  if (named.remote) return { file: blank(named, 'remote') };
  if (!modelRoles.has(named.role)) {
    const read = await readSmall(named.path, longestSmallFile);
    if ('content' in read) return captureSmallFile(named, read.content);
    if (read.kind === 'missing') return missing(named);
    if (read.kind === 'unreadable') return unreadable(named);
  }
  return captureModel(named, cache, holds);
}

async function captureModel(named: NamedFile, cache: HashCache, holds: boolean): Promise<One> {
  let handle: Awaited<ReturnType<typeof openPlain>>;
  try {
    handle = await openPlain(named.path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? missing(named) : unreadable(named);
  }
  try {
    const stamp = await handle.stat({ bigint: true });
    if (stamp.isDirectory()) {
      return await identifyModelDirectory(blank(named, 'directory'), cache, hubSnapshot(named.path));
    }
    if (!stamp.isFile()) return unreadable(named);
    const identified = await identifyModel(blank(named, 'file'), handle, stamp, cache);
    return { ...identified, held: holds && identified.later !== null ? hold(handle) : null };
  } catch {
    return unreadable(named);
  } finally {
    await handle.close();
  }
}

function blank({ role, path, key }: NamedFile, kind: FileState['kind']): FileState {
  return { role, path, key, kind, sha1: null, sha256: null, bytes: null, object: null };
}

async function missing(named: NamedFile): Promise<One> {
  const message = `${named.path}, which ${named.key} names, does not exist`;
  const hint = (await nearestName(named.path)) ?? 'Check the path in the configuration.';
  return { file: blank(named, 'missing'), warning: { code: 'file-missing', message, hint } };
}

function unreadable(named: NamedFile): One {
  const message = `${named.path}, which ${named.key} names, cannot be read as a file`;
  const hint = 'Give yourself the right to read it, and check that it is a regular file.';
  return { file: blank(named, 'unreadable'), warning: { code: 'file-unreadable', message, hint } };
}
