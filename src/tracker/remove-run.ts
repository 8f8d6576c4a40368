import { rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SpoorError } from '../model/errors.ts';
import type { RunId } from '../model/run-id.ts';
import { makeDirectory, syncDirectory } from '../store/durable.ts';
import type { Home } from '../store/home.ts';
import { readActive } from './active.ts';

/**
 * Moves a run's folder to the trash; its objects and code stay, and what the trainer wrote is not
 * touched. Errors: `run-is-running`, `in-trash`.
 * @returns where it lies now
 */
export async function removeRun(home: Home, id: RunId): Promise<string> {
  if (await readActive(home, id)) {
    throw new SpoorError(
      'busy',
      'run-is-running',
      `run ${id} is still being recorded`,
      `End it first: spoor stop ${id}`,
    );
  }
  const directory = join(home.trashDirectory, 'runs');
  await makeDirectory(directory);
  const to = join(directory, id);
  if (await stat(to).catch(() => null)) {
    throw new SpoorError('cannot-write', 'in-trash', `${to} is there already`, 'Move that one away first.');
  }
  await rename(home.runs.path(id), to);
  await syncDirectory(directory);
  await syncDirectory(dirname(home.runs.path(id)));
  return to;
}
