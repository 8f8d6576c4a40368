import type { Ended } from '../launch/exit.ts';
import type { Diagnosis, Progress, Series, Told } from '../model/facts.ts';
import type { RecordedRun, Run } from '../model/run.ts';
import type { Settings, StopReason } from '../model/settings.ts';
import type { LogState, Losses, Trainer } from '../trainers/trainer.ts';
import type { MeasuredMachine } from './machine/measured-machine.ts';

/** What is known of a run's end beside its log and artefacts. */
export interface KnownEnd {
  /** Null if nobody learned how the trainer ended. */
  end: Ended | null;
  stopAsked: boolean;
  /** Why Spoor itself ended it; null where somebody else asked, or nobody. */
  stoppedFor: StopReason | null;
  /** Whether the kernel killed for want of memory; null where nobody counts. */
  oomKilled: boolean | null;
  machine: MeasuredMachine;
  price: Settings['price'];
  /** As they are stored. */
  series: Series[];
  losses: Losses | null;
  now: Date;
}

/** The last facts of a run: its series and how it ended, judged from exit status, log and artefacts. */
export function judgeRun({ run }: RecordedRun, trainer: Trainer, log: LogState, known: KnownEnd): Told[] {
  const exitCode = known.end?.status ?? null;
  const signal = known.end?.signal ?? null;
  const judgement = trainer.judge({
    exitCode,
    signal,
    stopAsked: known.stopAsked,
    log,
    losses: known.losses,
    artifacts: run.artifacts,
    settings: run.settings,
    oomKilled: known.oomKilled,
  });
  const facts: Told[] = [];
  const series = known.series.length > 0 ? known.series : log.series;
  if (series.length > 0) facts.push({ type: 'series', series });
  if (known.end === null) facts.push({ type: 'warning', warning: run.late ? notOurs : statusUnknown });
  const endedAt = known.end?.endedAt ?? known.now.toISOString();
  const use = known.machine.use(run, Date.parse(endedAt), known.price);
  if (use !== null) facts.push({ type: 'machine', machine: use });
  const stopped = judgement.status === 'interrupted' ? stoppedDiagnosis(run, known.stoppedFor) : null;
  const diagnosis = stopped ?? judgement.diagnosis;
  facts.push({
    type: 'ended',
    status: judgement.status,
    exitCode,
    signal,
    startedAt: run.startedAt,
    endedAt,
    progress: atTheEnd(log),
    diagnosis: diagnosis && use ? known.machine.explain(diagnosis, use, Date.parse(endedAt)) : diagnosis,
  });
  return facts;
}

/** Where it ended; nothing is left of it. */
function atTheEnd({ progress }: LogState): Progress | null {
  if (progress.step === null && progress.phase === 'starting') return null;
  const { eta: _, barEta: __, at: ___, ...reached } = progress;
  return reached;
}

/** What it was stopped for says more than that it was stopped. */
function stoppedDiagnosis({ events, progress }: Run, reason: StopReason | null): Diagnosis | null {
  if (reason === null) return null;
  const event = events.findLast((each) => each.event === reason);
  const step = event?.step ?? progress?.step ?? null;
  const message = `Stopped${step === null ? '' : ` at step ${step}`}, as was asked for (--stop-on ${reason})${event ? `: ${event.message}` : ''}`;
  return { code: `stopped-on-${reason}`, message, hint: stopHints[reason] };
}

const stopHints: Record<StopReason, string> = {
  nan: 'Lower the learning rate, train in bf16 instead of fp16, use no_half_vae, or set max_grad_norm; an earlier checkpoint may be good.',
  stall: 'The end of the log (spoor log) and nvidia-smi may tell what it waited for.',
};

const statusUnknown = {
  code: 'exit-status-unknown',
  message: 'Nobody was left to learn the exit status: the outcome is judged from the log and what was made',
  hint: 'Every process of Spoor was ended while the trainer ran, or the machine went down.',
};

const notOurs = {
  code: 'exit-status-unknown',
  message:
    'Spoor did not start this training, so that its exit status is not known: the outcome is judged from its log, if there is one, and what was made',
  hint: null,
};
