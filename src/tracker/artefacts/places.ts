/** Steps and epochs of what a run made: names have the one or the other, headers of checkpoints both. */
import type { Run, Star } from '../../model/run.ts';

export interface Place {
  step: number | null;
  epoch: number | null;
}

/** Whether two name the same moment of the run, as far as both tell. */
function samePlace(a: Place, b: Place): boolean {
  if (a.step !== null && b.step !== null) return a.step === b.step;
  return a.epoch !== null && a.epoch === b.epoch;
}

export function isStarred({ stars }: Pick<Run, 'stars'>, place: Place): boolean {
  return stars.some((star: Star) => samePlace(star, place));
}
