import type { FramedCurve } from '../../../src/api/index.ts';
import type { Axis } from './plot.tsx';

/** As much again before a part as it is wide: what smooths its first points. */
const before = 0.5;
const behind = 0.1;

/**
 * The part of a curve's own axis that a part of the drawn one is. Time is drawn from a run's first point on.
 *
 * @returns null where the curve has nothing there
 */
export function partOf(
  curve: Pick<FramedCurve, 'axis' | 'x' | 'time'>,
  drawn: Axis,
  [from, to]: readonly [number, number],
): [number, number] | null {
  const [low, high] = [from - (to - from) * before, to + (to - from) * behind];
  if (drawn === curve.axis) return [low, high];
  const begin = curve.time[0];
  if (begin === undefined) return null;
  if (curve.axis === 'time') return [begin + low, begin + high];
  const first = curve.time.findLastIndex((each) => each - begin <= low);
  const last = curve.time.findIndex((each) => each - begin >= high);
  const ends = [curve.x[Math.max(0, first)], curve.x[last < 0 ? curve.x.length - 1 : last]];
  const [least, most] = ends as [number, number];
  return least < most ? [least, most] : null;
}
