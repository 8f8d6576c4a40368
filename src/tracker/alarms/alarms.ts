/** What people want to know while a run goes on: NaN, no progress, no room. Told as facts; stops the training where that was asked for. */
import { join } from 'node:path';
import { isPaused } from '../../launch/tree.ts';
import type { RunEvent } from '../../model/facts.ts';
import type { RecordedRun } from '../../model/run.ts';
import type { StopReason } from '../../model/settings.ts';
import { progressMark, type Stall, stallOf } from '../../model/stall.ts';
import { duration } from '../../model/words.ts';
import type { LogState } from '../../trainers/trainer.ts';
import type { ActiveRun } from '../active.ts';
import type { TellFacts } from '../held-facts.ts';
import type { Recording } from '../request.ts';
import { type Space, spaceAt } from './disk.ts';
import { type NanLosses, NanWatch, nanRow, provesNan } from './nan.ts';

export interface Alarms {
  /** Called with what the log has told, again and again while the trainer lives. Never throws. */
  look(log: LogState): void;
  /** Waits for what is being told. */
  settle(): Promise<void>;
}

interface Surroundings {
  recording: Recording;
  recorded: RecordedRun;
  active: ActiveRun | null;
  tell: TellFacts;
  /** Ends the training for a reason. */
  stop(reason: StopReason): void;
  /** Aborted when the trainer has ended. */
  ended: AbortSignal;
  /** Milliseconds of a clock that stands still while the machine sleeps. */
  clock?: () => number;
}

/** Of one kind of event, so many are told of a run. */
const most = 3;
/** Milliseconds between two looks at the disks. */
const diskEvery = 20_000;

type Kind = RunEvent['event'];

export function startAlarms({
  recording,
  recorded,
  active,
  tell,
  stop,
  ended,
  clock = () => performance.now(),
}: Surroundings): Alarms {
  const { home, settings, deliver } = recording;
  const { run, outputs } = recorded;
  const stopOn = active?.stopOn ?? settings.stop.on;
  const counts = new Map<Kind, number>();
  for (const { event } of run.events) counts.set(event, (counts.get(event) ?? 0) + 1);
  /** Kinds that hold now and have been told; again only after they were over. */
  const standing = new Set(counts.keys());
  const nan = new NanWatch(join(home.runs.path(run.id), 'metrics'), outputs?.plan.loggingDir != null, clock);
  const disks = [...new Set([outputs?.plan.outputDir ?? null, home.directory])].filter((path) => path !== null);
  let mark = '';
  let since = clock();
  let disksLookedAt = Number.NEGATIVE_INFINITY;
  let work: Promise<unknown> = Promise.resolve();

  const happened = (event: Kind, holds: boolean, message: () => string, log: LogState, proves = true) => {
    if (!holds) return standing.delete(event);
    if (standing.has(event)) return false;
    standing.add(event);
    const count = (counts.get(event) ?? 0) + 1;
    counts.set(event, count);
    if (count > most) return false;
    const reason = event === 'disk' ? null : event;
    const stops = reason !== null && proves && stopOn.includes(reason);
    const { step } = log.progress;
    const told = tell({ type: 'event', event: { key: `${event}-${count}`, event, message: message(), step, stops } });
    work = Promise.all([work, told.then(() => deliver?.(run.id)).catch(() => {})]);
    if (stops) stop(reason);
    return true;
  };

  const lookAtDisks = async (log: LogState) => {
    const spaces = await Promise.all(disks.map(spaceAt));
    const full = spaces.find((space) => space !== null && space.free < settings.notify.diskBelow);
    happened('disk', full != null, () => diskText(full!), log);
  };

  return {
    look(log) {
      if (ended.aborted) return;
      try {
        const losses = nan.look(log);
        happened('nan', losses.streak >= nanRow, () => nanText(losses), log, provesNan(losses, run.settings));
        const now = clock();
        const stall = () => stallOf(log.progress, since, now, settings.notify.stallAfter);
        const current = markOf(log);
        if (current !== mark || !isUnderstood(log) || (stall() && isHalted(active, run.id))) since = now;
        mark = current;
        const found = stall();
        happened('stall', found !== null, () => stallText(found!), log);
        if (now - disksLookedAt >= diskEvery) {
          disksLookedAt = now;
          // One at a time: a file system that hangs is asked once.
          void lookAtDisks(log).then(
            () => {},
            () => {},
          );
        }
      } catch {
        // A run is recorded whether or not anybody can be told of it.
      }
    },
    settle: () => work.then(() => {}),
  };
}

/** A trainer whose output tells nothing of its progress cannot be told to make none. */
function isUnderstood({ progress }: LogState): boolean {
  return progress.step !== null || progress.phase !== 'starting';
}

/** Whatever is printed is a sign of life where there is no bar. */
function markOf({ progress, tail }: LogState): string {
  return progress.step === null ? `${progressMark(progress)} ${tail.length} ${tail.at(-1)}` : progressMark(progress);
}

/** Whether somebody halted the training with Ctrl-Z. */
function isHalted(active: ActiveRun | null, runId: string): boolean {
  return active?.waiter != null && isPaused({ runId, waiter: active.waiter, pty: active.pty });
}

function nanText({ streak, of }: NanLosses): string {
  return of === 'step'
    ? `The loss was NaN in the last ${streak} steps.`
    : `The average loss has been NaN for ${streak} steps: one step that was NaN, or all since.`;
}

function stallText({ silent, usual, phase }: Stall): string {
  const compared = usual === null ? '' : `, where ${duration(usual * 1000)} is usual`;
  return `No progress for ${duration(silent * 1000)}${compared} (${phase}).`;
}

function diskText({ free }: Space): string {
  return `Only ${(free / 1e9).toFixed(1)} GB are free where the training or Spoor writes.`;
}
