import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { processIdentity } from '../../launch/identity.ts';
import type { Notified, Told } from '../../model/facts.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Receiver } from '../../model/settings.ts';
import { deliver, type Machine } from '../../notify/deliver.ts';
import { send } from '../../notify/send.ts';
import type { Home } from '../../store/home.ts';
import { type Lock, lockOwner, tryLock } from '../../store/lock.ts';
import { livenessOf } from '../liveness.ts';
import { loadRun } from '../load-run.ts';
import type { Recording } from '../request.ts';
import { messageOf } from './message-of.ts';
import { clearWanted } from './outbox.ts';
import { pending } from './pending.ts';
import { pictureOf } from './picture-of.ts';

/**
 * Sends what has happened in a run to whoever wants to know, each receiver for itself, until all is told or given
 * up. What became of each message stands in the run before the next is sent, so that whoever goes on after a crash
 * repeats at most the one that was under way.
 *
 * @param waits milliseconds between tries
 */
export async function notifyRun(
  recording: Recording,
  id: RunId,
  machine: Machine,
  waits?: readonly number[],
): Promise<void> {
  const { home, settings, now } = recording;
  const { receivers } = settings.notify;
  await Promise.all(receivers.map((receiver) => tell(recording, id, receiver, machine, waits)));
  const run = await loadRun(home, id);
  if (run.endedAt === null) return;
  const told = receivers.every((receiver) => pending(run, receiver, now()).length === 0);
  if (told) await clearWanted(home, id);
}

/** Whether a process that lives sends messages of the run. */
export async function isNotifying({ home, settings }: Recording, id: RunId): Promise<boolean> {
  const owners = await Promise.all(settings.notify.receivers.map(({ name }) => lockOwner(lockFile(home, id, name))));
  return owners.some((owner) => owner !== null && livenessOf(owner) !== 'dead');
}

async function tell(
  recording: Recording,
  id: RunId,
  receiver: Receiver,
  machine: Machine,
  waits: readonly number[] | undefined,
): Promise<void> {
  const { home, now } = recording;
  for (;;) {
    const next = async () => {
      const run = await loadRun(home, id);
      return { run, occasion: pending(run, receiver, now())[0] };
    };
    if (!(await next()).occasion) return;
    // Whoever has it looks again before giving it up.
    const lock = await lockOf(home, id, receiver.name);
    if (!lock) return;
    try {
      for (let { run, occasion } = await next(); occasion; { run, occasion } = await next()) {
        const wantsPicture = receiver.contactSheet && occasion.event === 'finish' && takesFiles.has(receiver.type);
        const picture = wantsPicture ? await pictureOf(recording, run, receiver.prompts) : null;
        const message = { ...messageOf(run, occasion), picture };
        const delivered = await send(() => deliver(receiver, message, machine), waits);
        await record(home, id, { key: occasion.key, receiver: receiver.name, type: receiver.type, ...delivered });
      }
    } finally {
      await lock.release();
    }
  }
}

const takesFiles: ReadonlySet<Receiver['type']> = new Set(['discord', 'ntfy']);

const lockFile = (home: Home, id: RunId, receiver: string) =>
  join(home.runs.path(id), `notifier.${createHash('sha256').update(receiver).digest('hex').slice(0, 8)}.lock`);

async function lockOf(home: Home, id: RunId, receiver: string): Promise<Lock | null> {
  const self = processIdentity(process.pid);
  return self && tryLock(lockFile(home, id, receiver), self, livenessOf);
}

/** A message that could not be sent is a warning of the run as well. */
async function record(home: Home, id: RunId, notified: Notified): Promise<void> {
  const { key, receiver, type, outcome, attempts, detail } = notified;
  const facts: Told[] = [{ type: 'notified', notified }];
  if (outcome === 'failed') {
    const tries = attempts === 1 ? '' : ` (${attempts} tries)`;
    const message = `the message ${key} could not be sent to ${receiver} (${type}): ${detail}${tries}`;
    const hint = `spoor notify test ${receiver} tries it again.`;
    facts.push({ type: 'warning', warning: { code: 'not-notified', message, hint } });
  }
  const log = home.runs.openLog(id, 'notifications');
  try {
    await log.append(...facts);
    await log.flush();
  } finally {
    await log.close();
  }
}
