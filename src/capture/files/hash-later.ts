/** Hashes of large files, taken while it trains. */
import { stat } from 'node:fs/promises';
import type { FileState, Warning } from '../../model/facts.ts';
import type { LaterWork, StampText } from '../../model/later.ts';
import type { FileStamp, HashCache, HashCaches } from '../../model/ports.ts';
import { directoryDigest, listModelDirectory } from './directory.ts';
import { hashModel } from './hash-model.ts';
import type { HeldFiles } from './held-files.ts';
import { openModelCache, openPlain, stampText } from './model-file.ts';

export interface HashedLater {
  file: FileState;
  warnings: Warning[];
}

export interface HashLaterRequest {
  work: Extract<LaterWork, { kind: 'hash-file' }>;
  caches: HashCaches;
  /** Opened before launch; what is not among them is opened by name. */
  held?: HeldFiles | undefined;
}

/** Hashes what was only looked at before launch. A file that is no longer the one of launch gets no hash, and a warning. */
export async function hashFileLater({ work, caches, held }: HashLaterRequest): Promise<HashedLater> {
  const cache = await openModelCache(caches);
  const file =
    work.file.kind === 'directory'
      ? await hashDirectory(work.file, work.stamp, cache)
      : await hashFile(work, cache, held);
  if (file === null) {
    const message = `${work.file.path} changed, vanished or became unreadable after the start, before it was hashed`;
    const hint = 'Which version the trainer loaded is unknown.';
    return { file: work.file, warnings: [{ code: 'file-changed', message, hint }] };
  }
  await cache.save();
  return { file, warnings: [] };
}

async function hashFile(
  { file, stamp }: HashLaterRequest['work'],
  cache: HashCache,
  held?: HeldFiles,
): Promise<FileState | null> {
  const hashed = await hashUnchanged(file.path, stamp, cache, held);
  held?.release(stamp);
  if (hashed === null) return null;
  const { sha1, sha256, bytes, tensorSha256, legacyHash } = hashed;
  return { ...file, sha1, sha256, bytes, model: { hub: null, ...file.model, tensorSha256, legacyHash } };
}

async function hashDirectory(file: FileState, stamp: StampText, cache: HashCache): Promise<FileState | null> {
  const listing = await listModelDirectory(file.path).catch(() => null);
  if (listing === null || !isSame(listing.stamp, stamp)) return null;
  const hashes = new Map<string, string>();
  for (const { path, named, stamp: each } of listing.files) {
    const sha256 =
      named ?? cache.get(path, each)?.sha256 ?? (await hashUnchanged(path, stampText(each), cache))?.sha256 ?? null;
    if (sha256 === null) return null;
    hashes.set(path, sha256);
  }
  return { ...file, sha256: directoryDigest(listing.files, ({ path }) => hashes.get(path)!) };
}

async function hashUnchanged(path: string, stamp: StampText, cache: HashCache, held?: HeldFiles) {
  const handle = (await held?.open(stamp)) ?? (await openPlain(path).catch(() => null));
  if (handle === null) return null;
  try {
    const atNs = BigInt(Date.now()) * 1_000_000n;
    const before = await handle.stat({ bigint: true });
    if (!before.isFile() || !(await isVersion(before, stamp, path))) return null;
    const hashed = await hashModel(handle, path);
    const after = await handle.stat({ bigint: true });
    if (!(await isVersion(after, stamp, path))) return null;
    if (isSame(after, stamp)) cache.set(path, before, hashed, atNs);
    return hashed;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** A file that was removed, renamed or replaced has another ctime since, and is the same version all the same. */
async function isVersion(found: FileStamp, stamp: StampText, path: string): Promise<boolean> {
  if (isSame(found, stamp)) return true;
  if (!isSame(found, { ...stamp, ctimeNs: String(found.ctimeNs) })) return false;
  const named = await stat(path, { bigint: true }).catch(() => null);
  return named === null || named.ino !== found.ino || named.dev !== found.dev;
}

function isSame(found: FileStamp, stamp: StampText): boolean {
  const text = stampText(found);
  return (Object.keys(text) as (keyof StampText)[]).every((part) => text[part] === stamp[part]);
}
