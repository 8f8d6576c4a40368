import type { Run } from '../../model/run.ts';
import type { NotifyEvent, Receiver } from '../../model/settings.ts';

/** Something that a receiver wants to know of. */
export interface Occasion {
  /** Of the event within the run; `end` for how it ended. */
  key: string;
  event: NotifyEvent;
  /** Instant. */
  at: string;
}

/** Milliseconds after which nobody is told any more. */
const newsFor = 24 * 60 * 60 * 1000;

/** What happened in a run that may be told, oldest first. */
function occasions({ events, status, endedAt, diagnosis }: Run): Occasion[] {
  const found: Occasion[] = events.map(({ key, event, at }) => ({ key, event, at }));
  if (status === 'running' || endedAt === null) return found;
  return [...found, { key: 'end', event: endEvent(status, diagnosis?.code ?? null), at: endedAt }];
}

/** An end that Spoor brought about is no wish of anyone at that moment. */
function endEvent(status: Exclude<Run['status'], 'running'>, diagnosis: string | null): NotifyEvent {
  if (status === 'succeeded') return 'finish';
  if (status === 'interrupted') return diagnosis?.startsWith('stopped-on-') ? 'failure' : 'interrupted';
  return 'failure';
}

/** What the receiver has still to be told of. */
export function pending(run: Run, receiver: Receiver, now: Date): Occasion[] {
  const done = new Set(run.notified.filter((each) => each.receiver === receiver.name).map(({ key }) => key));
  return occasions(run).filter(
    ({ key, event, at }) => receiver.on.includes(event) && !done.has(key) && now.getTime() - Date.parse(at) < newsFor,
  );
}
