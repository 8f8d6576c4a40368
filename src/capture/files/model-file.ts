/** Identity of a model file: known at once, or to be hashed while it trains. */
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import type { FileState } from '../../model/facts.ts';
import type { LaterWork, StampText } from '../../model/later.ts';
import type { FileStamp, HashCache, HashCaches } from '../../model/ports.ts';
import { directoryDigest, listModelDirectory } from './directory.ts';
import { legacyHash } from './hash-model.ts';
import { hubFile } from './hub.ts';

export interface Identified {
  file: FileState;
  later: LaterWork | null;
}

/** One cache for the models of all runs. */
export function openModelCache(caches: HashCaches): Promise<HashCache> {
  return caches.open('models');
}

/** Opens a file without waiting, whatever it is. */
export async function openPlain(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

/**
 * A large file before launch: its stamp, and its hashes as far as the cache or the hub's name for it tells.
 * @param file what is known; its `kind` is `file`
 */
export async function identifyModel(
  file: FileState,
  handle: FileHandle,
  stamp: BigIntStats,
  cache: HashCache,
): Promise<Identified> {
  const hub = hubFile(file.path, await realpath(file.path));
  const known = cache.get(file.path, stamp);
  const legacy = await legacyHash(handle);
  const sha256 = known?.sha256 ?? hub?.sha256 ?? null;
  const identified: FileState = {
    ...file,
    sha1: known?.sha1 ?? null,
    sha256,
    bytes: Number(stamp.size),
    model: { tensorSha256: known?.tensorSha256 ?? null, legacyHash: legacy, hub: hub?.hub ?? null },
  };
  const later: LaterWork = { kind: 'hash-file', file: identified, stamp: stampText(stamp) };
  return { file: identified, later: sha256 === null ? later : null };
}

/** A directory of model files (the layout of diffusers), as one digest. */
export async function identifyModelDirectory(
  file: FileState,
  cache: HashCache,
  hub: string | null,
): Promise<Identified> {
  const listing = await listModelDirectory(file.path);
  const sha256 = directoryDigest(
    listing.files,
    (each) => each.named ?? cache.get(each.path, each.stamp)?.sha256 ?? null,
  );
  const identified: FileState = {
    ...file,
    sha256,
    bytes: Number(listing.stamp.size),
    ...(hub === null ? {} : { model: { tensorSha256: null, legacyHash: null, hub } }),
  };
  const later: LaterWork = { kind: 'hash-file', file: identified, stamp: stampText(listing.stamp) };
  return { file: identified, later: sha256 === null && !listing.isPartial ? later : null };
}

export function stampText({ size, mtimeNs, ctimeNs, ino, dev }: FileStamp): StampText {
  return {
    size: String(size),
    mtimeNs: String(mtimeNs),
    ctimeNs: String(ctimeNs),
    ino: String(ino),
    dev: String(dev),
  };
}
