import { lstat, opendir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry, Tree } from './clean-rule.ts';
import { whatStands } from './place-file.ts';

/** A directory that holds more is not a failed start's. */
const mostEntries = 10_000;

/**
 * Everything in a directory, at any depth; no link is followed, nothing special is opened.
 *
 * @param hashed names of the files whose bytes count: those that Spoor may have written
 */
export async function readTree(directory: string, hashed: { has(path: string): boolean }): Promise<Tree> {
  const tree: Tree = { entries: [], truncated: false };
  const { dev } = await lstat(directory);
  const waiting = [''];
  for (let at = waiting.pop(); at !== undefined && !tree.truncated; at = waiting.pop()) {
    try {
      for await (const { name } of await opendir(join(directory, at), { bufferSize: 256 })) {
        if (tree.entries.length >= mostEntries) {
          tree.truncated = true;
          break;
        }
        const entry = await look(directory, at === '' ? name : `${at}/${name}`, dev, hashed);
        tree.entries.push(entry);
        if (entry.kind === 'directory' && !entry.foreignDevice) waiting.push(entry.path);
      }
    } catch {
      tree.entries.push(unreadable(at === '' ? '.' : at));
    }
  }
  tree.entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return tree;
}

async function look(root: string, path: string, dev: number, hashed: { has(path: string): boolean }): Promise<Entry> {
  const full = join(root, path);
  try {
    // A name that is no UTF-8 is read with this in its place, and the file of the name that results is another.
    if (path.includes('\ufffd')) return unreadable(path);
    const stats = await lstat(full);
    const plain = { path, bytes: 0, modifiedMs: stats.mtimeMs, sha256: null, target: null, foreignDevice: false };
    if (stats.isDirectory()) return { ...plain, kind: 'directory', foreignDevice: stats.dev !== dev };
    if (stats.isSymbolicLink()) return { ...plain, kind: 'link', target: await readlink(full) };
    if (!stats.isFile()) return { ...plain, kind: 'other' };
    const standing = hashed.has(path) ? await whatStands(full) : null;
    return { ...plain, kind: 'file', bytes: stats.size, sha256: standing?.kind === 'file' ? standing.sha256 : null };
  } catch {
    return unreadable(path);
  }
}

function unreadable(path: string): Entry {
  return { path, kind: 'unreadable', bytes: 0, modifiedMs: 0, sha256: null, target: null, foreignDevice: false };
}

/** Where file systems are mounted, as Linux tells it; elsewhere nothing, and devices alone tell. */
export async function mountPoints(): Promise<string[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const point = line.split(' ')[4];
    // Space, tab, newline and backslash are octal there.
    return point === undefined
      ? []
      : [point.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)))];
  });
}
