/** Series of a run: what a trainer measured at its steps, and what was measured of its machine. */
import type { Measured } from './facts.ts';

/** What `step` counts: the trainer's steps, its epochs (`loss/epoch_average`), or seconds since 1970 (of the machine). */
export type SeriesAxis = 'step' | 'epoch' | 'time';

/** A series without its points. */
export interface SeriesMeta {
  tag: string;
  axis: SeriesAxis;
  points: number;
  first: Measured;
  last: Measured;
  /** Over finite values; null where there is none. */
  min: number | null;
  max: number | null;
  firstStep: number;
  lastStep: number;
}

/** Points of a series in the order in which they were measured; three columns of one length. */
export interface SeriesPoints {
  tag: string;
  axis: SeriesAxis;
  /** In the unit of `axis`. It may come again (gradient accumulation) and may fall (a restart). */
  step: Float64Array;
  /** Seconds since 1970. */
  time: Float64Array;
  /** NaN and infinities are themselves. */
  value: Float64Array;
  /** How many points the series has in the range that was asked for. */
  total: number;
  /** Whether points were left out. All that are here were measured. */
  reduced: boolean;
}

/** Which points of a series; all of them unless said. */
export interface SeriesRange {
  /** Lowest and highest `step`, both included. */
  from?: number | undefined;
  to?: number | undefined;
  /**
   * About as many points as are of use: four a pixel of a chart. Of each of `points / 4` stretches that hold equally
   * many the first, the least, the greatest and the last come, and the first that is no finite number.
   */
  points?: number | undefined;
}

/** How far a reader has come, to go on from there: points read by file. JSON-able. */
export type SeriesCursor = Readonly<Record<string, number>>;

/** Where series of one source are written. Errors: `cannot-write`. */
export interface SeriesSink {
  /** Holds the point until the next flush, unless much is held. @returns false for a series beyond the most that are kept */
  add(tag: string, axis: SeriesAxis, step: number, time: number, value: number): boolean;
  /** Hands what was added to the operating system: readers see it. */
  flush(): void;
  /** Flushes, and makes it durable. */
  close(): void;
}

/** A number as JSON can carry it. */
export function measuredOf(value: number): Measured {
  return Number.isFinite(value) ? value : (String(value) as Measured);
}
