import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { CodePort, GitOptions, GitResult, OwnRepository } from '../../model/code-port.ts';
import { readIndex } from './index-file.ts';
import { firstLine } from './look.ts';
import { type ByteName, joinNames, pathBelow, toBytes } from './names.ts';

export interface SnapshotOf {
  port: CodePort;
  own: OwnRepository;
  /** Names the private index. */
  run: string;
  top: string;
  /** All that the snapshot shall hold: regular files and symbolic links. */
  files: readonly ByteName[];
  /** Seconds since 1970 at which each of them last changed (`ctime`). */
  changedAt: readonly number[];
  /** Named in the commit's message; no parent, since its history may come later or never. */
  head: string | null;
  milliseconds: number;
}

export type SnapshotTaken =
  | { snapshot: string; unreadable: ByteName[] }
  | { snapshot: null; reason: string; timeout: boolean };

/** Writes files of a work tree, byte for byte, as a commit into Spoor's own repository. Complete, not yet durable. */
export async function takeSnapshot(of: SnapshotOf): Promise<SnapshotTaken> {
  const { port, own, files, head, milliseconds } = of;
  const options: GitOptions = {
    gitDirectory: own.gitDirectory,
    workTree: of.top,
    indexFile: await port.takeIndex(own, of.run),
    milliseconds,
  };
  const doubtful = await doubtfulOf(of, options.indexFile!);
  let taken = await fillIndex(of, options, files, doubtful);
  let unreadable: ByteName[] = [];
  if (taken !== null && taken.failure === null) {
    unreadable = await notReadable(of.top, files);
    const left = new Set(unreadable);
    taken = await fillIndex(
      of,
      options,
      files.filter((name) => !left.has(name)),
    );
  }
  if (taken !== null) return { snapshot: null, reason: firstLine(taken), timeout: taken.failure === 'timeout' };

  let tree = await port.git(['write-tree'], options);
  if (tree.status !== 0 && tree.failure === null) {
    // The index remembers objects that Spoor's repository has lost: begin without it.
    await port.git(['read-tree', '--empty'], options);
    await fillIndex(of, options, files);
    tree = await port.git(['write-tree'], options);
  }
  if (tree.status !== 0) return { snapshot: null, reason: firstLine(tree), timeout: tree.failure === 'timeout' };
  const commit = commitOf(tree.stdout.toString('latin1').trim(), head);
  return { snapshot: await port.writeCommit(own, commit), unreadable };
}

/** One identity and one time for all: equal states give equal commits. */
function commitOf(tree: string, head: string | null): string {
  const who = 'Spoor <spoor@localhost> 0 +0000';
  const message = head === null ? 'Work tree without commit' : `Work tree at ${head}`;
  return `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\n${message}\n`;
}

/**
 * Makes the index hold these files and no others; only what changed since it was last written is read.
 * @param doubtful to be read again in any case
 */
async function fillIndex(
  { port: { git }, own }: SnapshotOf,
  options: GitOptions,
  files: readonly ByteName[],
  doubtful?: ReadonlySet<ByteName>,
): Promise<GitResult | null> {
  const held = await readIndex(options.indexFile!, own.format);
  const known = held.problem === null ? (held.tracked?.files ?? null) : null;
  const wanted = new Set(files);
  const stale = known?.filter((name) => !wanted.has(name) || doubtful?.has(name)) ?? [];
  if (known === null || stale.length > 0) {
    const zero = '0'.repeat(own.format === 'sha1' ? 40 : 64);
    const removed =
      known === null
        ? await git(['read-tree', '--empty'], options)
        : await git(['update-index', '-z', '--index-info'], {
            ...options,
            input: toBytes(stale.map((name) => `0 ${zero}\t${name}\0`).join('')),
          });
    if (removed.status !== 0) return removed;
  }
  const added = await git(['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], {
    ...options,
    input: joinNames(files),
  });
  return added.status === 0 ? null : added;
}

/**
 * Files that may have changed after the index was filled though it cannot tell: git compares change
 * times by the second, so that one written in the second in which it was read, with its size and
 * modification time restored, would pass for unchanged.
 */
async function doubtfulOf({ files, changedAt, milliseconds }: SnapshotOf, indexFile: string): Promise<Set<ByteName>> {
  const index = await stat(indexFile).catch(() => null);
  if (index === null) return new Set();
  // It was filled at most one step of git before it was written.
  const filled = Math.floor((index.mtimeMs - milliseconds) / 1000);
  return new Set(files.filter((_, i) => changedAt[i]! >= filled));
}

async function notReadable(top: string, files: readonly ByteName[]): Promise<ByteName[]> {
  const found: ByteName[] = [];
  for (const name of files) {
    try {
      const flags = constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0);
      const file = await open(pathBelow(top, name), flags);
      await file.close();
    } catch (error) {
      // A symbolic link refuses to be opened so, and is read all the same.
      if ((error as NodeJS.ErrnoException).code !== 'ELOOP') found.push(name);
    }
  }
  return found;
}
