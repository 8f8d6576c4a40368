import type { Setting } from '../../model/facts.ts';
import type { SeriesCursor } from '../../model/metrics.ts';
import { MetricsReader } from '../../store/metrics/metrics-reader.ts';
import type { LogState } from '../../trainers/trainer.ts';

/** So many losses in a row are no accident: a scaler that finds its scale skips fewer steps. */
export const nanRow = 5;

export interface NanLosses {
  /** NaN losses in a row, the last ones. */
  streak: number;
  /** Whether they are losses of single steps (`loss/current`) or the running average, which one NaN spoils for good. */
  of: 'step' | 'average';
}

/** Counts NaN losses: by the event files where they have the loss of each step, else by the bar's average. */
export class NanWatch {
  readonly #reader: MetricsReader;
  #cursor: SeriesCursor = {};
  #streak = 0;
  #known = false;

  /** @param metrics directory of the run's series; it need not exist */
  constructor(metrics: string) {
    this.#reader = new MetricsReader(metrics);
  }

  look(log: Pick<LogState, 'nanStreak'>): NanLosses {
    for (let more = true; more; ) {
      const polled = this.#reader.poll(this.#cursor);
      this.#cursor = polled.cursor;
      more = polled.more;
      for (const { tag, value } of polled.appended) if (tag === 'loss/current') this.#take(value);
    }
    return this.#known ? { streak: this.#streak, of: 'step' } : { streak: log.nanStreak, of: 'average' };
  }

  #take(values: Float64Array): void {
    this.#known ||= values.length > 0;
    for (const value of values) this.#streak = Number.isNaN(value) ? this.#streak + 1 : 0;
  }
}

/**
 * Whether such a streak proves that the training is lost. In fp16 a step whose loss is NaN is skipped, and the average
 * shows that NaN for ever although the model is sound.
 */
export function provesNan({ of }: NanLosses, settings: readonly Setting[]): boolean {
  if (of === 'step') return true;
  const precision = settings.filter(({ key, ignored }) => /(^|\.)mixed_precision$/.test(key) && ignored === undefined);
  return !precision.some(({ value }) => value === 'fp16');
}
