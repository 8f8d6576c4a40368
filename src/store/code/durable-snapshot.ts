import { open, readdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OwnRepository, RunGit } from '../../model/code-port.ts';
import type { CodeRepositories } from '../code-repositories.ts';
import { concurrently } from '../concurrently.ts';
import { syncDirectory } from '../durable.ts';
import { syncLayout } from './layout.ts';
import { loosePath, syncLooseObject } from './loose-object.ts';
import { readRef, writeRef } from './refs.ts';

/** Enough to let the disk gather flushes of many files into few. */
const parallelFlushes = 16;
/** A run's code differs little from that of the runs just before. */
const runsComparedWith = 3;

export type SnapshotDurability =
  | { durable: true }
  /** `damaged`: objects that were not what their name says, and are removed; a later snapshot writes them again. */
  | { durable: false; reason: string; damaged: string[] };

/**
 * Makes a run's snapshot durable and names it `refs/spoor/runs/<run>`: to be called after launch,
 * before the fact that names the snapshot is written. Repeating it, also after a crash at any point,
 * ends in the same state. Errors: `cannot-write`.
 */
export async function makeSnapshotDurable(
  repositories: CodeRepositories,
  code: string,
  run: string,
  snapshot: string,
): Promise<SnapshotDurability> {
  const own = repositories.named(code);
  const ref = `refs/spoor/runs/${run}`;
  const { gitDirectory } = own;
  const recent = (await readdir(join(gitDirectory, 'refs/spoor/runs')).catch(() => [])).sort().slice(-runsComparedWith);
  const durable = await Promise.all([run, ...recent].map((each) => readRef(gitDirectory, `refs/spoor/runs/${each}`)));
  if (!durable.includes(snapshot)) {
    const objects = await newObjects(repositories.git, own, snapshot, recent);
    const damaged = typeof objects === 'string' ? [] : await flush(own, objects);
    if (typeof objects === 'string' || damaged.length > 0) {
      await forgetIndex(repositories, own, run);
      const reason = typeof objects === 'string' ? objects : `${damaged.length} objects are damaged`;
      return { durable: false, reason, damaged };
    }
    await syncLayout(gitDirectory, syncFile);
  }
  if (durable[0] !== snapshot) await writeRef(gitDirectory, ref, snapshot);
  await giveIndexBack(repositories, own, run);
  return { durable: true };
}

/** All objects of the snapshot but those that recent durable snapshots hold, or why they cannot be listed. */
async function newObjects(
  git: RunGit,
  own: OwnRepository,
  snapshot: string,
  recent: readonly string[],
): Promise<string[] | string> {
  const known = recent.map((run) => `^refs/spoor/runs/${run}^{tree}`);
  const list = (bases: string[]) =>
    git(['rev-list', '--objects', '--no-object-names', snapshot, `${snapshot}^{tree}`, ...bases], {
      gitDirectory: own.gitDirectory,
      idle: true,
    });
  let listed = await list(known);
  if (listed.status !== 0 && known.length > 0) listed = await list([]);
  if (listed.status !== 0) return listed.stderr.trim() || `git did not end (${listed.failure})`;
  return listed.stdout.toString('latin1').split('\n').filter(Boolean);
}

async function flush(own: OwnRepository, objects: string[]): Promise<string[]> {
  const damaged: string[] = [];
  const directories = new Set([join(own.gitDirectory, 'objects')]);
  await concurrently(objects, parallelFlushes, async (object) => {
    const path = loosePath(own.gitDirectory, object);
    const state = await syncLooseObject(path, object);
    if (state === 'durable') directories.add(dirname(path));
    if (state === 'damaged') {
      damaged.push(object);
      await unlink(path);
    }
  });
  await concurrently([...directories], parallelFlushes, syncDirectory);
  return damaged;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The index may be trusted by later runs only now: what it says is there is durable. */
async function giveIndexBack(repositories: CodeRepositories, own: OwnRepository, run: string): Promise<void> {
  const mine = repositories.indexFile(own, run);
  await rename(mine, repositories.indexFile(own)).catch(() => {});
  // Two names of one file: nothing was read anew, and renaming leaves both.
  await unlink(mine).catch(() => {});
}

async function forgetIndex(repositories: CodeRepositories, own: OwnRepository, run: string): Promise<void> {
  for (const path of [repositories.indexFile(own, run), repositories.indexFile(own)])
    await unlink(path).catch(() => {});
}
