import { randomBytes } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { makeRunId } from '../model/run-id.ts';
import { generic } from '../trainers/registry.ts';
import { nothingPlanned, parentsResolved } from './clean-evidence.ts';
import { type Cleaning, moveToTrash } from './clean-output.ts';
import { trashOf } from './clean-trash.ts';
import { mountPoints, readTree } from './clean-tree.ts';
import { RunOutputs } from './clean-users.ts';
import type { Recording } from './request.ts';
import { readSetUp } from './set-up.ts';

/**
 * Removes a directory that was made for a run which never began, under the same rule. What may lie in it
 * is what was laid out there and remembered, and empty directories.
 *
 * @param cwd where the caller stands
 * @returns null if it is not there, or a run has it: then cleaning is that run's
 */
export async function cleanSetUp(recording: Recording, output: string, cwd: string): Promise<Cleaning | null> {
  const { home, env, now } = recording;
  const directory = resolve(cwd, output);
  if (!(await lstat(directory).catch(() => null))) return null;
  const real = await realpath(directory);
  const outputs = new RunOutputs(home);
  const setUp = await readSetUp(home, directory);
  // What runs had there before it was made has gone with them.
  const since = setUp && makeRunId(Date.parse(setUp.madeAt), new Uint8Array(10));
  const { users } = await outputs.usersOf(real, since);
  if (users.some(({ status }) => status !== null)) return null;
  const placed = new Map(Object.entries(setUp?.files ?? {}).map(([name, entry]) => [name, [entry]]));
  const guarded = [
    { path: env.HOME ?? '/', what: 'the home directory' },
    { path: home.directory, what: "Spoor's home" },
    { path: cwd, what: 'the current directory' },
  ];
  const leftover = {
    directory: await parentsResolved(directory),
    real,
    created: true,
    status: 'failed' as const,
    alive: false,
    restored: false,
    otherHost: null,
    users,
    mountPoints: await mountPoints(),
    guarded,
    placed,
    trainer: generic,
    plan: nothingPlanned(directory),
    // Nothing of a trainer's is known where none was started.
    startedMs: Number.POSITIVE_INFINITY,
    tree: await readTree(real, placed),
  };
  const id = makeRunId(now().getTime(), randomBytes(10));
  const reason = 'the run never began';
  const stillUnused = async () => (await outputs.usersOf(real, since)).users.length === 0;
  return moveToTrash(recording, leftover, { id, run: null, name: basename(real), reason, stillUnused }, trashOf(home));
}
