import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { isEventFile } from '../trainers/log/event-file.ts';
import { openRegular, readFully } from './open-regular.ts';

/** A directory of TensorBoard event files: what a training leaves from its first moment on. */
export interface EventDirectory {
  directory: string;
  /** Its event files, the oldest first. */
  files: string[];
  /** The first record of the oldest, which tells it from every other training. */
  first: Uint8Array;
  /** Milliseconds since 1970, as that record says. */
  startedAt: number;
}

const deepest = 5;
const mostEntries = 100_000;
/** The first record holds a time and a version. */
const largestFirst = 4_096;

/** Those below a directory, hidden ones excepted. Links are not followed. What has no whole record yet is not one. */
export async function eventDirectories(root: string): Promise<EventDirectory[]> {
  const found: EventDirectory[] = [];
  for await (const { directory, names } of eventFilesBelow(root)) {
    const paths = names.map((name) => join(directory, name));
    const first = await firstRecord(paths[0]!);
    if (first) found.push({ directory, files: paths, ...first });
  }
  return found;
}

/** Each directory that holds event files, and their names, the oldest first. */
export async function* eventFilesBelow(root: string): AsyncGenerator<{ directory: string; names: string[] }> {
  const budget = { left: mostEntries };
  const queue = [{ path: root, depth: 0 }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { path, depth } = next;
    const entries = await list(path, budget);
    if (depth < deepest) {
      for (const entry of entries) {
        const isOpen = entry.isDirectory() && !entry.name.startsWith('.');
        if (isOpen) queue.push({ path: join(path, entry.name), depth: depth + 1 });
      }
    }
    const names = entries.filter((entry) => entry.isFile() && isEventFile(entry.name)).map(({ name }) => name);
    if (names.length > 0) yield { directory: path, names: names.sort() };
  }
}

async function list(path: string, budget: { left: number }): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await opendir(path)) {
      if (--budget.left < 0) break;
      entries.push(entry);
    }
  } catch {
    // Not to be read, or gone: nothing is known of what is below.
  }
  return entries;
}

/**
 * A TFRecord: length (8 bytes, little-endian), its checksum (4), the data, their checksum (4). The data are an event,
 * whose first field is the time in seconds (tag 0x09, a double).
 */
async function firstRecord(path: string): Promise<Pick<EventDirectory, 'first' | 'startedAt'> | null> {
  const handle = await openRegular(path, 'refuse');
  if (!handle) return null;
  try {
    const bytes = Buffer.alloc(16 + largestFirst);
    const read = await readFully(handle, bytes, 0);
    if (read < 12) return null;
    const length = bytes.readBigUInt64LE(0);
    if (length > BigInt(largestFirst) || read < 16 + Number(length)) return null;
    const first = bytes.subarray(0, 16 + Number(length));
    if (length < 9n || first[12] !== 0x09) return null;
    const startedAt = first.readDoubleLE(13) * 1000;
    return startedAt >= 0 && startedAt < 2 ** 48 ? { first, startedAt } : null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
