/**
 * `$SPOOR_HOME/outbox/<run-id>` stands while somebody wants messages of the run, from the start of its recorder until
 * all has been told: so that nothing is lost with the process that sends.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunId, type RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';

const directory = (home: Home) => join(home.directory, 'outbox');

/** Best effort: without the mark a message may be lost if the machine goes down. */
export function markWanted(home: Home, id: RunId): void {
  try {
    mkdirSync(directory(home), { recursive: true, mode: 0o700 });
    writeFileSync(join(directory(home), id), '', { mode: 0o600 });
  } catch {
    // The disk is full: the messages are sent all the same.
  }
}

export async function listWanted(home: Home): Promise<RunId[]> {
  return (await readdir(directory(home)).catch(() => [])).filter(isRunId);
}

export async function clearWanted(home: Home, id: RunId): Promise<void> {
  await unlink(join(directory(home), id)).catch(() => {});
}
