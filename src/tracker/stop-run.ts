/**
 * `runs/<id>/stop` says that the end was asked for: by Ctrl-C, a signal to Spoor, `spoor stop`, or `--stop-on`, whose
 * reason stands on the second line.
 */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StopOptions, stopRun } from '../launch/stop.ts';
import { errorCode, SpoorError } from '../model/errors.ts';
import type { RunId } from '../model/run-id.ts';
import { type StopReason, stopReasons } from '../model/settings.ts';
import type { Home } from '../store/home.ts';
import { readActive } from './active.ts';

/** Best effort: without the mark an interrupted run may be judged by its exit status alone. */
export function markStopped(folder: string, signal: string, reason: StopReason | null = null): void {
  try {
    writeFileSync(join(folder, 'stop'), `${signal}\n${reason === null ? '' : `${reason}\n`}`, {
      flag: 'wx',
      mode: 0o600,
    });
  } catch {
    // Marked already, or the disk is full.
  }
}

/** Whether the end was asked for, and whether by Spoor itself, for a reason. */
export async function readStop(folder: string): Promise<{ asked: boolean; reason: StopReason | null }> {
  try {
    const second = (await readFile(join(folder, 'stop'), 'utf8')).split('\n')[1];
    return { asked: true, reason: stopReasons.find((each) => each === second) ?? null };
  } catch (error) {
    return { asked: errorCode(error) !== 'ENOENT', reason: null };
  }
}

/**
 * Stops a running training, politely first. Errors: `not-running`, `other-host`, `still-running`.
 * @returns how it ended
 */
export async function stop(home: Home, id: RunId, options: StopOptions): Promise<'stopped' | 'killed'> {
  const active = await readActive(home, id);
  if (active?.watched) {
    const hint = 'Stop it where it was started: Spoor only follows what it writes.';
    throw new SpoorError('unavailable', 'not-to-be-stopped', `run ${id} has no process of its own`, hint);
  }
  if (!active?.waiter) {
    throw new SpoorError(
      'not-found',
      'not-running',
      `run ${id} is not running`,
      'spoor ls status:running shows those that are.',
    );
  }
  markStopped(home.runs.path(id), options.signal ?? 'SIGINT');
  const outcome = await stopRun({ runId: id, waiter: active.waiter, pty: active.pty }, options);
  if (outcome === 'unknown-host') {
    const { host } = active.waiter;
    throw new SpoorError(
      'unavailable',
      'other-host',
      `run ${id} runs on ${host}`,
      `Run spoor stop there: ssh ${host} spoor stop ${id}`,
    );
  }
  if (outcome === 'still-running') {
    const hint = 'Wait longer with --wait, or kill it: spoor stop RUN --signal SIGKILL';
    throw new SpoorError('busy', 'still-running', `run ${id} goes on after ${options.signal ?? 'SIGINT'}`, hint);
  }
  return outcome;
}
