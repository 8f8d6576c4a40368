/** What a chart says of the point that its crosshair stands on. */
import { clock, integer, measure, moment } from '../lib/format.ts';
import type { Axis, Curve } from './plot.tsx';

export function xText(axis: Axis, at: number): string {
  if (axis === 'time') return moment(new Date(at * 1000).toISOString());
  return axis === 'duration' ? clock(at) : integer(at);
}

/** The value of a curve's point nearest to a place of the axis; NaN and infinities by name, as they were measured. */
export function valueAt({ x, y, raw }: Pick<Curve, 'x' | 'y' | 'raw'>, at: number, tag: string): string {
  const index = nearest(x, at);
  if (index < 0) return '–';
  const value = y[index] ?? raw?.[index];
  return value === null || value === undefined ? '–' : measure(tag, value);
}

/** Index of the nearest place; -1 where there is none, or the place lies beyond the curve's ends. */
function nearest(x: ArrayLike<number>, at: number): number {
  const last = x.length - 1;
  if (last < 0) return -1;
  const room = last === 0 ? 0 : ((x[last] as number) - (x[0] as number)) / last;
  if (at < (x[0] as number) - room || at > (x[last] as number) + room) return -1;
  let [low, high] = [0, last];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low > 0 && at - (x[low - 1] as number) < (x[low] as number) - at ? low - 1 : low;
}
