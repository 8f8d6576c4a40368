/**
 * Markers of live runs: `$SPOOR_HOME/active/<run-id>` stands from before launch until the end is
 * journalled, so that finding what needs settling costs nothing (docs/decisions/0004).
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFile } from '../launch/other-process.ts';
import { errorCode } from '../model/errors.ts';
import type { ProcessIdentity, Warning } from '../model/facts.ts';
import { isRunId, type RunId } from '../model/run-id.ts';
import type { StopReason } from '../model/settings.ts';
import type { Home } from '../store/home.ts';
import type { Traces } from './watch/traces.ts';

export interface ActiveRun {
  /** The process that made the run. */
  main: ProcessIdentity;
  /** The shell that waits for the trainer; null before launch, and where no waiter was used. */
  waiter: ProcessIdentity | null;
  /** Whether `waiter` is the trainer itself. */
  pty: boolean;
  /** Whether `main` took the place of the trainer's own process (docs/decisions/0015). */
  wrapped?: true;
  /** Files that a trainer writes its output to which Spoor did not start: the log is their copy. */
  copies?: OutputFile[];
  /** A training without a process of its own, which is followed by what it writes (`spoor watch-dir`). */
  watched?: Traces;
  /** What ends the training, where the command line said so; else the settings do. */
  stopOn?: StopReason[];
  /** When the trainer was started. */
  startedAt: string | null;
  /** What the launch could not do, for the recorder to tell. */
  warnings: Warning[];
  /** How long the capture took before launch. */
  preparedMs: number;
}

const path = (home: Home, id: RunId) => join(home.directory, 'active', id);

/** Writes the marker in place of an earlier one. Throws what the file system throws. */
export function markActive(home: Home, id: RunId, active: ActiveRun): void {
  mkdirSync(join(home.directory, 'active'), { recursive: true, mode: 0o700 });
  const draft = `${path(home, id)}.${process.pid}.tmp`;
  writeFileSync(draft, JSON.stringify(active), { mode: 0o600 });
  renameSync(draft, path(home, id));
}

/** The marker, or null if there is none or it is damaged. */
export async function readActive(home: Home, id: RunId): Promise<ActiveRun | null> {
  try {
    const active = JSON.parse(await readFile(path(home, id), 'utf8')) as ActiveRun;
    return typeof active?.main?.pid === 'number' ? active : null;
  } catch {
    return null;
  }
}

export async function listActive(home: Home): Promise<RunId[]> {
  try {
    return (await readdir(join(home.directory, 'active'))).filter(isRunId);
  } catch {
    return [];
  }
}

export async function clearActive(home: Home, id: RunId): Promise<void> {
  try {
    await unlink(path(home, id));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
