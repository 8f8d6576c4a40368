import type { Warning } from '../../model/facts.ts';
import type { SeriesAxis } from '../../model/metrics.ts';

/** Takes the points of a source in its order. */
export type TakePoint = (tag: string, axis: SeriesAxis, step: number, time: number, value: number) => void;

/**
 * Something that metrics are read from: an event file; what other trainers write (lines of JSON, a database) fits as well.
 * It is read from its beginning by each reader, and gives the same points in the same order to all.
 */
export interface MetricsSource {
  /** Names of sources sort in the order in which these were begun; the same wherever the run's files lie. */
  readonly name: string;
  /**
   * Hands over what was appended since the last poll, within bounds of time and memory.
   * @returns `more` to be called again at once, `anew` if the source is another one by now, to be read by a new reader
   */
  poll(take: TakePoint): Promise<'done' | 'more' | 'anew'>;
  /** What was amiss, as far as it was read. */
  warnings(): Warning[];
}
