/** Steps and epochs of what a run made: names have the one or the other, headers of checkpoints both. */
import type { Artifact } from '../../model/facts.ts';
import type { Run, Star } from '../../model/run.ts';

export interface Place {
  step: number | null;
  epoch: number | null;
}

/** Whether two name the same moment of the run, as far as both tell. */
export function samePlace(a: Place, b: Place): boolean {
  if (a.step !== null && b.step !== null) return a.step === b.step;
  return a.epoch !== null && a.epoch === b.epoch;
}

export function isStarred({ stars }: Pick<Run, 'stars'>, place: Place): boolean {
  return stars.some((star: Star) => samePlace(star, place));
}
/** By step; where only an epoch is known, by what other files tell of its step. */
export function stepsOf(artifacts: readonly Artifact[]): (place: Place) => number | null {
  const steps = new Map<number, number>();
  for (const { kind, step, epoch } of artifacts) {
    if (kind !== 'sample' && step !== null && epoch !== null) steps.set(epoch, step);
  }
  return ({ step, epoch }) => step ?? (epoch === null ? null : (steps.get(epoch) ?? null));
}
