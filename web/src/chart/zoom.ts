/** The part of an axis that charts show. Charts of one axis share it, and the address keeps it: `step:100:200`. */
import type { Axis } from './plot.tsx';

export interface Zoom {
  axis: Axis;
  from: number;
  to: number;
}

const axes: readonly Axis[] = ['step', 'epoch', 'time', 'duration'];
/** Digits of an end: enough for seconds since 1970 with milliseconds. */
const digits = 13;

/** Null where the address has none that can be shown. */
export function readZoom(text: string | undefined): Zoom | null {
  const [name, ...ends] = text?.split(':') ?? [];
  const axis = axes.find((each) => each === name);
  const [from = Number.NaN, to = Number.NaN] = ends.map((each) => (each === '' ? Number.NaN : Number(each)));
  return axis && ends.length === 2 && Number.isFinite(from) && Number.isFinite(to) && from < to
    ? { axis, from, to }
    : null;
}

export function writeZoom(zoom: Zoom | null): string | undefined {
  return zoom ? `${zoom.axis}:${short(zoom.from)}:${short(zoom.to)}` : undefined;
}

/** No longer than it tells; ends that would fall together stay as they are. */
const short = (end: number) => String(Number(end.toPrecision(digits)));

/**
 * The part that is `by` times as wide around a point, within all there is; null where it would be all.
 *
 * @param by below 1 to look closer, above 1 to look from afar
 */
export function scaled(
  shown: readonly [number, number],
  all: readonly [number, number],
  around: number,
  by: number,
): [number, number] | null {
  const [from, to] = shown;
  const from2 = Math.max(all[0], around - (around - from) * by);
  const to2 = Math.min(all[1], around + (to - around) * by);
  if (from2 <= all[0] && to2 >= all[1]) return null;
  return from2 < to2 ? [from2, to2] : [from, to];
}

/**
 * The part that has two values where two fingers are, within all there is; null where it would be all.
 *
 * @param values under the fingers
 * @param places of the fingers, as parts of the width that is shown; not the same
 */
export function spread(
  values: readonly [number, number],
  places: readonly [number, number],
  all: readonly [number, number],
): [number, number] | null {
  const wide = (values[1] - values[0]) / (places[1] - places[0]);
  // Fingers that have passed each other turn nothing round.
  if (!(wide > 0) || wide >= all[1] - all[0]) return null;
  const from = Math.min(all[1] - wide, Math.max(all[0], values[0] - places[0] * wide));
  return [from, from + wide];
}
