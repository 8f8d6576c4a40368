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

/** Runs of which the same tags are asked for, of the same part. */
interface Asked {
  runs: string[];
  tags: string[];
  part: [number, number];
}

export const keyOf = ({ run, tag }: Pick<FramedCurve, 'run' | 'tag'>) => `${run} ${tag}`;

/** Curves of which the same part of their own axis is wanted are asked for together: runs of which the same tags are. */
export function togetherAsked(
  curves: readonly Pick<FramedCurve, 'run' | 'tag' | 'axis' | 'x' | 'time' | 'reduced'>[],
  drawn: Axis,
  range: readonly [number, number],
): readonly Asked[] {
  const byRun = new Map<string, Asked>();
  for (const curve of curves) {
    const part = curve.reduced ? partOf(curve, drawn, range) : null;
    if (!part) continue;
    const key = `${curve.run} ${part}`;
    const asked = byRun.get(key);
    if (asked) asked.tags.push(curve.tag);
    else byRun.set(key, { runs: [curve.run], tags: [curve.tag], part });
  }
  const together = new Map<string, Asked>();
  for (const { runs, tags, part } of byRun.values()) {
    const key = JSON.stringify([part, tags]);
    const asked = together.get(key);
    if (asked) asked.runs.push(...runs);
    else together.set(key, { runs, tags, part });
  }
  return [...together.values()];
}
