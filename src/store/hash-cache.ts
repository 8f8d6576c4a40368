/**
 * Hashes of files by their stamps, kept from run to run. It only saves time: a cache that is torn,
 * hostile or of another version is empty, and of two processes that write one the last wins.
 */
import { createHash } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStamp, HashCache, HashCaches } from '../model/ports.ts';
import { HashTable } from './hash-table.ts';
import { temporaryName } from './temporary.ts';

/** A table of a million files has 100 MB. */
const maximumBytes = 256 << 20;
/** Kernels stamp files with the time of their last tick, at most 10 ms ago. */
const tickNs = 20_000_000n;
const second = 1_000_000_000n;

/** @param directory where the caches lie; it exists */
export function hashCaches(directory: string): HashCaches {
  return {
    async open(name) {
      const key = createHash('sha256').update(name).digest('hex').slice(0, 32);
      return openHashCache(join(directory, `hashes-${key}`), directory);
    },
  };
}

async function openHashCache(path: string, directory: string): Promise<HashCache> {
  const table = HashTable.from(await readBounded(path)) ?? new HashTable();
  return {
    get: (file, stat) => table.get(file, stat),
    set(file, stat, hash, hashedAtNs) {
      if (isSettled(stat, hashedAtNs)) table.set(file, stat, hash);
    },
    get remembered() {
      return table.remembered;
    },
    set remembered(sha256) {
      table.remembered = sha256;
    },
    async save() {
      if (table.changed) await replace(path, directory, table.bytes());
    },
  };
}

/**
 * git's rule for racy files: what was written within the clock's grain before it was read may be
 * written again with the same stamp.
 */
function isSettled({ mtimeNs, ctimeNs }: FileStamp, hashedAtNs: bigint): boolean {
  // File systems that know only whole seconds (two, for FAT) show it in their stamps.
  const grain = mtimeNs % second === 0n && ctimeNs % second === 0n ? 2n * second : tickNs;
  const last = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return last + grain < hashedAtNs;
}

async function readBounded(path: string): Promise<Uint8Array | null> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      return size > maximumBytes ? null : await file.readFile();
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** Whole or not at all, but not flushed: after a crash of the machine its checksum tells. */
async function replace(path: string, directory: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(directory, temporaryName());
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch {
    // The next run hashes again.
    await unlink(temporary).catch(() => {});
  }
}
