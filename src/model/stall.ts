import type { Progress } from './facts.ts';

/** That a run has not gone on for long, measured by what is usual for it. */
export interface Stall {
  phase: Progress['phase'];
  /** Seconds since it was last seen to go on. */
  silent: number;
  /** Seconds that a step, or what the phase counts, usually takes; null where nothing tells. */
  usual: number | null;
  /** Seconds after which silence counts. */
  limit: number;
}

/** However quick the steps, so many seconds are no stall: data loaders, caches and other programs take turns. */
const least: Record<Progress['phase'], number> = {
  training: 60,
  // A picture is decoded, and models are moved to and fro, without a word.
  sampling: 600,
  validating: 600,
  caching: 600,
  // Gigabytes by a slow network.
  starting: 1800,
  loading: 1800,
  saving: 1800,
  finished: 1800,
};
/** Before the first step: kernels are compiled, workers started. */
const beforeFirstStep = 1800;

/**
 * Whether a run stalls: nothing of its progress has changed for `times` times as long as it usually takes.
 *
 * @param since when it was last seen to go on, milliseconds since 1970
 * @param now milliseconds since 1970
 */
export function stallOf(progress: Progress, since: number, now: number, times = 10): Stall | null {
  const { phase } = progress;
  const usual = phase === 'training' ? stepSeconds(progress) : itemSeconds(progress);
  const floor = phase === 'training' && usual === null ? beforeFirstStep : least[phase];
  const limit = Math.max(floor, usual === null ? 0 : times * usual);
  const silent = (now - since) / 1000;
  return silent > limit ? { phase, silent, usual, limit } : null;
}

function stepSeconds({ stepSeconds, rate }: Progress): number | null {
  return stepSeconds ?? (rate ? 1 / rate : null);
}

function itemSeconds({ within }: Progress): number | null {
  if (!within?.total || within.left === null || within.done >= within.total) return null;
  return within.left / (within.total - within.done);
}

/** What changes whenever a run goes on: two alike tell that it did not. */
export function progressMark({ step, epoch, phase, within, loss }: Progress): string {
  return JSON.stringify([step, epoch, phase, within?.done ?? null, within?.item ?? null, loss]);
}
