/** Models that are directories: diffusers' layout, training states, the hub's snapshots. */
import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { FileStamp } from '../../model/ports.ts';
import { hubFile } from './hub.ts';

export interface ModelPart {
  /** Absolute. */
  path: string;
  /** Relative to the directory, `/` between parts. */
  name: string;
  stamp: FileStamp;
  /** SHA-256 by which the hub's cache names it. */
  named: string | null;
}

export interface ModelDirectory {
  /** Sorted by name. */
  files: ModelPart[];
  /** Sum of the sizes, latest times, and the directory's own identity. */
  stamp: FileStamp;
  /** It is larger than any model; the list is not whole. */
  isPartial: boolean;
}

const mostFiles = 5_000;
const deepest = 6;

/** Links to files are followed, links to directories are not. @throws system errors for the directory itself */
export async function listModelDirectory(directory: string): Promise<ModelDirectory> {
  const { ino, dev, mtimeNs, ctimeNs } = await stat(directory, { bigint: true });
  const files: ModelPart[] = [];
  const isPartial = !(await collect(directory, directory, deepest, files));
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  const stamp = { ino, dev, size: 0n, mtimeNs, ctimeNs };
  for (const each of files) {
    stamp.size += each.stamp.size;
    if (each.stamp.mtimeNs > stamp.mtimeNs) stamp.mtimeNs = each.stamp.mtimeNs;
    if (each.stamp.ctimeNs > stamp.ctimeNs) stamp.ctimeNs = each.stamp.ctimeNs;
  }
  return { files, stamp, isPartial };
}

/** @returns false once there are too many */
async function collect(top: string, directory: string, depth: number, files: ModelPart[]): Promise<boolean> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (depth === 0 || !(await collect(top, path, depth - 1, files))) return false;
      continue;
    }
    if (files.length >= mostFiles) return false;
    const stamp = await stat(path, { bigint: true }).catch(() => null);
    if (!stamp?.isFile()) continue;
    const named = entry.isSymbolicLink() ? (hubFile(path, await realpath(path))?.sha256 ?? null) : null;
    files.push({ path, name: relative(top, path).replaceAll('\\', '/'), stamp, named });
  }
  return true;
}

/**
 * SHA-256 over one line a file, sorted by name: `<sha256> <bytes> <name as JSON>` and a line feed.
 * Null while the hash of one is not known, and for no files at all.
 */
export function directoryDigest(
  files: readonly ModelPart[],
  hashOf: (file: ModelPart) => string | null,
): string | null {
  const hash = createHash('sha256');
  for (const file of files) {
    const sha256 = hashOf(file);
    if (sha256 === null) return null;
    hash.update(`${sha256} ${file.stamp.size} ${JSON.stringify(file.name)}\n`);
  }
  return files.length === 0 ? null : hash.digest('hex');
}
