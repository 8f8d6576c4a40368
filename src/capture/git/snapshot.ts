import { constants, statSync, utimesSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { CodePort, GitOptions, GitResult, OwnRepository } from '../../model/code-port.ts';
import { type FileVersion, readHeld, readIndex } from './index-file.ts';
import { firstLine } from './look.ts';
import { type ByteName, joinNames, pathBelow, toBytes } from './names.ts';
import { orNull } from './read-small.ts';

export interface SnapshotOf {
  port: CodePort;
  own: OwnRepository;
  /** Names the private index. */
  run: string;
  top: string;
  /** All that the snapshot shall hold: regular files and symbolic links. */
  files: readonly ByteName[];
  /** The version of each of them that was there. */
  versions: readonly FileVersion[];
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
  const indexFile = await port.takeIndex(own, of.run);
  const { unchanged, doubtful } = compare(of, indexFile);
  if (unchanged !== null && port.holds(own, unchanged)) {
    return { snapshot: await port.writeCommit(own, commitOf(unchanged, head)), unreadable: [] };
  }
  const options: GitOptions = { gitDirectory: own.gitDirectory, workTree: of.top, indexFile, milliseconds };
  const began = Date.now();
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
  // It bears the time when its files began to be read, so that what changed since is told from what was read.
  utimesSync(indexFile, began / 1000, began / 1000);
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
  const held = readIndex(options.indexFile!, own.format);
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

/** Kernels stamp files with the time of their last tick, at most 10 ms ago; some file systems by whole seconds. */
const tickNs = 20_000_000n;
const second = 1_000_000_000n;

/**
 * Compares files with what the index says was read last.
 *
 * `doubtful` are those that git would take for unchanged and that may not be: git compares times by the
 * second, so that a file written in the second in which it was read, with its size and modification
 * time restored, would pass. Here they are compared to the nanosecond, and a file that changed so
 * shortly before it was read that it may have changed again within one tick of the clock is read again.
 * @returns `unchanged`: the tree of a snapshot, where all files are as they were then
 */
function compare(
  { files, versions, own }: SnapshotOf,
  indexFile: string,
): { unchanged: string | null; doubtful: Set<ByteName> } {
  const doubtful = new Set<ByteName>();
  const written = orNull(() => statSync(indexFile, { bigint: true }).mtimeNs);
  const held = written === null ? null : readHeld(indexFile, own.format);
  if (written === null || held === null) return { unchanged: null, doubtful };
  let isSame = held.files.size === files.length;
  for (const [i, name] of files.entries()) {
    const now = versions[i]!;
    const before = held.files.get(name);
    if (before !== undefined && isSettled(now, written) && isEqual(now, before)) continue;
    isSame = false;
    if (before !== undefined && looksEqual(now, before)) doubtful.add(name);
  }
  return { unchanged: isSame ? held.tree : null, doubtful };
}

function isSettled({ changedNs, modifiedNs }: FileVersion, read: bigint): boolean {
  const isCoarse = changedNs % second === 0n && modifiedNs % second === 0n;
  return changedNs + (isCoarse ? 2n * second : tickNs) < read;
}

function isEqual(a: FileVersion, b: FileVersion): boolean {
  return (
    a.changedNs === b.changedNs &&
    a.modifiedNs === b.modifiedNs &&
    a.inode === b.inode &&
    a.size === b.size &&
    a.mode === b.mode
  );
}

/** By the second, as git does. */
function looksEqual(a: FileVersion, b: FileVersion): boolean {
  return a.size === b.size && a.changedNs / second === b.changedNs / second;
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
