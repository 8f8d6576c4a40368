import type { SeriesPoints, SeriesRange } from '../../model/metrics.ts';
import { Corners } from './block.ts';
import { Columns } from './columns.ts';

/** Points of several series one after another, as if they were one. @param all at least one */
export function joinPoints(all: readonly SeriesPoints[], range: SeriesRange): SeriesPoints {
  const {
    from = Number.NEGATIVE_INFINITY,
    to = Number.POSITIVE_INFINITY,
    points: most = Number.POSITIVE_INFINITY,
  } = range;
  const joined = new Columns();
  for (const { step, time, value } of all) {
    for (let i = 0; i < step.length; i++)
      if (step[i]! >= from && step[i]! <= to) joined.add(step[i]!, time[i]!, value[i]!);
  }
  const { tag, axis } = all[0]!;
  const whole = joined.points(tag, axis);
  if (whole.total <= most) return whole;
  const buckets = Math.max(1, Math.floor(most / 4));
  const reduced = new Columns();
  const corners = new Corners();
  for (let i = 0, bucket = 0; i < whole.total; i++) {
    const its = Math.floor((i * buckets) / whole.total);
    if (its !== bucket) {
      corners.emit(reduced);
      corners.reset();
      bucket = its;
    }
    corners.add(i, whole.step[i]!, whole.time[i]!, whole.value[i]!);
  }
  corners.emit(reduced);
  return reduced.points(tag, axis, whole.total);
}
