/** The recorder's part of metrics: from the event files and the log of a run into its store. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readLogState } from '../follow/log.ts';
import type { Writer } from '../follow/metrics/find-event-files.ts';
import { followMetrics } from '../follow/metrics/follow-metrics.ts';
import type { BarEnd } from '../follow/metrics/match-bar.ts';
import { runMarker } from '../launch/environment.ts';
import { readExit } from '../launch/exit.ts';
import { processStat, startedWith } from '../launch/processes.ts';
import { trainerProcesses } from '../launch/tree.ts';
import type { OutputPlan } from '../model/facts.ts';
import type { RecordedRun } from '../model/run.ts';
import { MetricsWriter } from '../store/metrics/metrics-writer.ts';
import type { LogState, TakeBarPoint, Trainer } from '../trainers/trainer.ts';
import type { ActiveRun } from './active.ts';
import { BarSeriesKeeper } from './bar-series.ts';
import type { TellFacts } from './held-facts.ts';
import type { Recording } from './request.ts';

/** Milliseconds between two writes of what the bar has shown. */
const barMs = 2_000;

export interface MetricsKeeper {
  /** For whoever reads the log from its beginning. */
  barPoints(): TakeBarPoint;
  /** After the end, with all that the log said: returns when all that the trainer wrote, and its bar showed, is stored. */
  finish(log: LogState): Promise<void>;
}

/** @param ended aborted when the trainer has ended */
export function keepMetrics(
  { home, host }: Recording,
  recorded: RecordedRun,
  active: ActiveRun | null,
  trainer: Trainer,
  ended: AbortSignal,
  tell: TellFacts,
): MetricsKeeper {
  const folder = home.runs.path(recorded.run.id);
  const directory = join(folder, 'metrics');
  const startedAt = Date.parse(active?.startedAt ?? recorded.run.startedAt);
  const bar = new BarSeriesKeeper(directory, Date.parse(recorded.run.startedAt) / 1000);
  const atEnd = Promise.withResolvers<BarEnd>();
  const follow = async () => {
    const writer = writerOf(recorded, active, ended, { folder, startedAt, host });
    const openSink = (source: string) => new MetricsWriter(directory, source);
    for await (const found of followMetrics({
      writer,
      known: recorded.eventFiles,
      openSink,
      barAtEnd: () => atEnd.promise,
      ended,
    }))
      await tell(found);
  };
  const following = Promise.all([follow(), flushing(bar, ended)]);
  // Whoever waits for the end is told of its failure.
  following.catch(() => {});
  return {
    barPoints: () => bar.begin(),
    async finish({ progress, losses }) {
      atEnd.resolve({ step: progress.step, losses });
      await following;
      bar.close();
      if (bar.failure !== null) {
        const reader = trainer.logReader(bar.begin());
        await readLogState(join(folder, 'log'), reader);
        reader.end?.();
        bar.close();
      }
      const { failure } = bar;
      if (failure === null) return;
      await tell({
        type: 'warning',
        warning: { code: 'metrics-not-kept', message: failure.message, hint: failure.hint },
      });
    },
  };
}

async function flushing(bar: BarSeriesKeeper, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await delay(barMs, undefined, { signal: ended, ref: false }).catch(() => {});
    bar.flush();
  }
}

function writerOf(
  { run, outputs, waiter: recordedWaiter }: RecordedRun,
  active: ActiveRun | null,
  ended: AbortSignal,
  { folder, startedAt, host }: { folder: string; startedAt: number; host: string },
): Writer {
  const waiter = active?.waiter ?? recordedWaiter;
  const exit = readExit(folder);
  const nowhere: Pick<OutputPlan, 'outputDir' | 'loggingDir' | 'logPrefix'> = {
    outputDir: null,
    loggingDir: null,
    logPrefix: null,
  };
  return {
    plan: outputs?.plan ?? nowhere,
    directory: active?.watched?.events ?? null,
    startedAt,
    endedAt: exit === null ? null : Date.parse(exit.endedAt),
    // Where processes cannot be seen (no /proc) none proves what it writes: time and place must do from the start.
    host: processStat(process.pid) === null ? '' : host,
    ancestor: waiter?.pid ?? null,
    ownerOf(pid) {
      if (startedWith(pid, `${runMarker}=${run.id}`)) return 'own';
      // The number of a process that has ended may be another's by now.
      if (ended.aborted || processStat(pid) === null) return 'unknown';
      if (waiter === null) return 'unknown';
      const own = trainerProcesses({ runId: run.id, waiter, pty: active?.pty ?? false });
      return own.includes(pid) ? 'own' : 'other';
    },
  };
}
