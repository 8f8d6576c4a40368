import type { RunEnd } from '../launch/exit.ts';
import type { Told } from '../model/facts.ts';
import type { RecordedRun } from '../model/run.ts';
import type { LogState, Trainer } from '../trainers/trainer.ts';

/**
 * The last facts of a run: its series and how it ended, judged from exit status, log and artefacts.
 *
 * @param end what is known of the trainer's end; null if nothing is
 */
export function judgeRun(
  { run }: RecordedRun,
  trainer: Trainer,
  log: LogState,
  end: RunEnd | null,
  oomKilled: boolean | null,
  { now }: { now(): Date },
): Told[] {
  const exitCode = end?.exitCode ?? null;
  const signal = end?.signal ?? null;
  const judgement = trainer.judge({
    exitCode,
    signal,
    stopAsked: end?.stopAsked ?? false,
    log,
    artifacts: run.artifacts,
    settings: run.settings,
    oomKilled,
  });
  const facts: Told[] = [];
  if (log.series.length > 0) facts.push({ type: 'series', series: log.series });
  if (exitCode === null && signal === null) facts.push({ type: 'warning', warning: statusUnknown });
  facts.push({
    type: 'ended',
    status: judgement.status,
    exitCode,
    signal,
    startedAt: run.startedAt,
    endedAt: end?.endedAt ?? now().toISOString(),
    progress: log.progress.step === null && log.progress.phase === 'starting' ? null : log.progress,
    diagnosis: judgement.diagnosis,
  });
  return facts;
}

const statusUnknown = {
  code: 'exit-status-unknown',
  message: 'Nobody was left to learn the exit status: the outcome is judged from the log and what was made',
  hint: 'Every process of Spoor was ended while the trainer ran, or the machine went down.',
};
