import { join } from 'node:path';
import { readExit } from '../launch/exit.ts';
import { isAlive, processIdentity } from '../launch/identity.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { tryLock } from '../store/lock.ts';
import { readStaged } from '../store/staging.ts';
import { type ActiveRun, clearActive, listActive, readActive } from './active.ts';
import { livenessOf } from './liveness.ts';
import { isNotifying } from './notify/notify-run.ts';
import { listWanted } from './notify/outbox.ts';
import { recordToEnd } from './recorder.ts';
import type { Recording } from './request.ts';
import { isOver } from './watch/traces.ts';

/**
 * Settles the runs that were left behind: where the recorder and the trainer are gone, what remains is
 * recorded here; where the trainer lives on, `startRecorder` gives it a recorder again. Runs of other
 * hosts are never judged. Failing to settle one is told and stops nothing.
 */
export async function reconcile(
  recording: Recording,
  startRecorder: (id: RunId) => void,
  failed: (id: RunId, error: unknown) => void,
): Promise<void> {
  for (const id of await listActive(recording.home)) {
    try {
      const active = await readActive(recording.home, id);
      const state = active ? await stateOf(recording, id, active) : 'over';
      if (state === 'over') await settle(recording, id);
      else if (state === 'unattended') startRecorder(id);
    } catch (error) {
      failed(id, error);
    }
  }
  await tellLeftBehind(recording);
}

/** Messages of settled runs that nobody sends: the process that did so is gone. */
async function tellLeftBehind(recording: Recording): Promise<void> {
  const { home, deliver } = recording;
  if (!deliver) return;
  for (const id of await listWanted(home)) {
    if (await readActive(home, id)) continue;
    if (!(await isNotifying(recording, id))) deliver(id);
  }
}

/** `kept`: someone cares for it, or nobody here can tell. `unattended`: may lack a recorder. */
async function stateOf(
  { home, now }: Recording,
  id: RunId,
  { main, waiter, watched }: ActiveRun,
): Promise<'kept' | 'unattended' | 'over'> {
  const logPath = join(home.runs.path(id), 'log');
  // Between the marker and the start of the trainer, or killed just after it.
  const mainLives = isAlive(main, waiter === null ? { logPath } : {});
  if (mainLives === 'unknown-host') return 'kept';
  if (watched) return (await isOver(watched, now().getTime())) ? 'over' : 'unattended';
  if (waiter === null) return mainLives === 'alive' ? 'kept' : 'over';
  const trainer = isAlive(waiter, { logPath });
  return trainer === 'alive' ? 'unattended' : trainer === 'dead' ? 'over' : 'kept';
}

async function settle(recording: Recording, id: RunId): Promise<void> {
  if (await neverBegan(recording.home, id)) {
    await recording.home.runs.remove(id);
    await clearActive(recording.home, id);
    return;
  }
  await holding(recording, id, () => recordToEnd(recording, id, 'reconciliation'));
}

/** A start that was broken off before the capture was written: the trainer did not run, and nothing is known. */
async function neverBegan(home: Home, id: RunId): Promise<boolean> {
  const folder = home.runs.path(id);
  if (readExit(folder) !== null || (await readStaged(folder)).state === 'whole') return false;
  const { facts, unreadable } = await home.runs.facts(id);
  return facts.length === 0 && unreadable === 0;
}

/** Does the work while this process is the run's recorder; nothing if another one is. */
export async function holding(recording: Recording, id: RunId, work: () => Promise<void>): Promise<boolean> {
  const self = processIdentity(process.pid);
  if (!self) return false;
  const lock = await tryLock(join(recording.home.runs.path(id), 'recorder.lock'), self, livenessOf);
  if (!lock) return false;
  try {
    await work();
    return true;
  } finally {
    await lock.release();
  }
}
