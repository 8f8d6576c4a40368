import { durationOf } from './duration.ts';
import type { Measured } from './facts.ts';
import type { Run } from './run.ts';

/** How a run ended, as `spoor diff --json` tells it. */
export interface Outcome {
  status: Run['status'];
  exitCode: number | null;
  signal: string | null;
  diagnosis: string | null;
  /** In words, naming the thing. */
  why: string | null;
  step: number | null;
  total: number | null;
  loss: Measured | null;
  /** Seconds; null while it runs, or where nothing tells. */
  duration: number | null;
  checkpoints: number;
  samples: number;
  verdict: Run['verdict'];
  verdictWhy: string | null;
  reason: string | null;
}

export function outcomeOf(run: Run): Outcome {
  const { status, exitCode, signal, diagnosis, progress, artifacts } = run;
  const milliseconds = durationOf(run);
  const count = (kind: string) => artifacts.filter((each) => each.kind === kind).length;
  return {
    status,
    exitCode,
    signal,
    diagnosis: diagnosis?.code ?? null,
    why: diagnosis?.message ?? null,
    step: progress?.step ?? null,
    total: progress?.total ?? null,
    loss: progress?.loss ?? null,
    duration: milliseconds === null ? null : milliseconds / 1000,
    checkpoints: count('checkpoint'),
    samples: count('sample'),
    verdict: run.verdict,
    verdictWhy: run.verdictWhy,
    reason: run.reason,
  };
}
