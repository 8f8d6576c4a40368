/** Curves as charts draw them. */

export interface Curve {
  label: string;
  x: Float64Array;
  y: Float64Array;
  /** The same smoothed; null where it is drawn as it was measured. */
  smooth: Float64Array | null;
  /** Where another run goes on. */
  seams: readonly number[];
}

/**
 * Exponential moving averages, each of what came before it alone and corrected for having begun at nothing
 * (as TensorBoard has them). What is no finite number stays as it is and counts for nothing.
 *
 * @param weight of what came before, 0 to below 1
 */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  let [last, share] = [0, 1];
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    last = last * weight + (1 - weight) * value;
    share *= weight;
    return last / (1 - share);
  });
}

/** What changes from step to step by chance is smoothed unless said; averages and rates are no such things. */
export function usualSmoothing(tag: string): number {
  return /loss/.test(tag) && !/average|epoch|val/.test(tag) ? 0.9 : 0;
}

/** Lowest and highest of x, over all curves; null where no point is finite. */
export function rangeOfX(curves: readonly Curve[]): [number, number] | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x } of curves) {
    for (const each of x) {
      if (each < least) least = each;
      if (each > most) most = each;
    }
  }
  return least <= most ? [least, most] : null;
}

/** Of each hundred points that are smoothed, so many at either side may leave the chart. */
const outlying = 0.01;

/**
 * What is to be seen of y: all of what is drawn as it was measured, and of what is drawn smoothed its line with
 * most of its points. Null where nothing is finite.
 */
export function rangeOfY(curves: readonly Curve[], isLog: boolean): [number, number] | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (values: Iterable<number>) => {
    for (const each of values) {
      if (!Number.isFinite(each) || (isLog && each <= 0)) continue;
      if (each < least) least = each;
      if (each > most) most = each;
    }
  };
  for (const { y, smooth } of curves) {
    if (smooth === null) take(y);
    else {
      take(smooth);
      const sorted = y.filter((each) => Number.isFinite(each) && (!isLog || each > 0)).sort();
      if (sorted.length === 0) continue;
      const last = sorted.length - 1;
      take([sorted[Math.floor(last * outlying)]!, sorted[Math.ceil(last * (1 - outlying))]!]);
    }
  }
  return least <= most ? [least, most] : null;
}

/** How many points of a curve are no finite number, and x of the first. */
export function notFinite({ x, y }: Pick<Curve, 'x' | 'y'>): { points: number; first: number } | null {
  let [points, first] = [0, Number.NaN];
  for (let i = 0; i < y.length; i++) {
    if (Number.isFinite(y[i])) continue;
    if (points++ === 0) first = x[i]!;
  }
  return points === 0 ? null : { points, first };
}

/**
 * The points that are worth drawing where there are `width` places from left to right: of neighbours at one place
 * the first, least, greatest and last. Places of points that are no number break the line: NaN.
 */
export function worthDrawing(
  x: Float64Array,
  y: Float64Array,
  width: number,
  place: (x: number) => number,
): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = [];
  for (let at = 0; at < x.length; ) {
    const here = Math.floor(place(x[at]!) * width);
    let end = at;
    let [least, most, broken] = [at, at, Number.isFinite(y[at]!) ? -1 : at];
    while (end + 1 < x.length && Math.floor(place(x[end + 1]!) * width) === here) {
      end++;
      if (!Number.isFinite(y[end]!)) broken = end;
      if (!(y[end]! >= y[least]!)) least = end;
      if (!(y[end]! <= y[most]!)) most = end;
    }
    const chosen = [...new Set([at, least, most, end, ...(broken < 0 ? [] : [broken])])].sort((a, b) => a - b);
    for (const each of chosen) found.push({ x: x[each]!, y: Number.isFinite(y[each]!) ? y[each]! : Number.NaN });
    at = end + 1;
  }
  return found;
}
