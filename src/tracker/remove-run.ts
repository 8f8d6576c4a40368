import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoorError } from '../model/errors.ts';
import type { RunId } from '../model/run-id.ts';
import type { TrashEntry } from '../store/trash-entry.ts';
import { readActive } from './active.ts';
import { trashOf } from './clean-trash.ts';
import { loadRun } from './load-run.ts';
import type { Recording } from './request.ts';

/**
 * Moves a run's folder to the trash; its objects and code stay, and what the trainer wrote is not
 * touched. Errors: `run-is-running`, `trash-busy`, `cannot-write`.
 * @returns where it lies now
 */
export async function removeRun({ home, host, now }: Recording, id: RunId): Promise<TrashEntry> {
  if (await readActive(home, id)) throw isRunning(id);
  const from = home.runs.path(id);
  const name = await loadRun(home, id).then(
    (run) => run.name.full,
    () => id,
  );
  const reason = 'spoor rm';
  const manifest = { version: 1 as const, kind: 'record' as const, run: id, name, from, host, reason };
  const isSettled = async () => (await readActive(home, id)) === null;
  const entry = await trashOf(home).put(
    id,
    { ...manifest, at: now().toISOString(), ...(await sizeOf(from)) },
    isSettled,
  );
  if (entry === null) throw isRunning(id);
  return entry;
}

async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return { files: files.length, bytes: sizes.reduce((sum, each) => sum + each, 0) };
}

function isRunning(id: RunId): SpoorError {
  const hint = `End it first: spoor stop ${id}`;
  return new SpoorError('busy', 'run-is-running', `run ${id} is still being recorded`, hint);
}
