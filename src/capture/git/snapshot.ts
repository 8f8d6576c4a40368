import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { CodePort, GitOptions, GitResult, OwnRepository } from '../../model/code-port.ts';
import { firstLine } from './look.ts';
import { type ByteName, joinNames, pathBelow, splitNames, toBytes } from './names.ts';

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

/** One identity and one time for all: equal states give equal commits. */
const identity = {
  GIT_AUTHOR_NAME: 'Spoor',
  GIT_AUTHOR_EMAIL: 'spoor@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'Spoor',
  GIT_COMMITTER_EMAIL: 'spoor@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};

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
  const commit = await port.git(['commit-tree', tree.stdout.toString('latin1').trim()], {
    ...options,
    variables: identity,
    input: Buffer.from(head === null ? 'Work tree without commit\n' : `Work tree at ${head}\n`),
  });
  if (commit.status !== 0) return { snapshot: null, reason: firstLine(commit), timeout: commit.failure === 'timeout' };
  return { snapshot: commit.stdout.toString('latin1').trim(), unreadable };
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
  const held = await git(['ls-files', '-z'], options);
  const wanted = new Set(files);
  const stale =
    held.status === 0 ? splitNames(held.stdout).filter((name) => !wanted.has(name) || doubtful?.has(name)) : [];
  if (held.status !== 0 || stale.length > 0) {
    const zero = '0'.repeat(own.format === 'sha1' ? 40 : 64);
    const removed =
      held.status === 0
        ? await git(['update-index', '-z', '--index-info'], {
            ...options,
            input: toBytes(stale.map((name) => `0 ${zero}\t${name}\0`).join('')),
          })
        : await git(['read-tree', '--empty'], options);
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
