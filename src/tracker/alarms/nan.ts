import type { Setting } from '../../model/facts.ts';
import type { SeriesCursor, SeriesPoints } from '../../model/metrics.ts';
import { MetricsReader } from '../../store/metrics/metrics-reader.ts';
import { LossTally, lossTags } from '../../trainers/judge/loss-tally.ts';
import type { LogState } from '../../trainers/trainer.ts';

/** So many losses in a row are no accident: a scaler that finds its scale skips fewer steps. */
export const nanRow = 5;

export interface NanLosses {
  /** NaN losses in a row, the last ones. */
  streak: number;
  /** Whether they are losses of single steps (`loss/current` of sd-scripts) or the running average, which one NaN spoils for good. */
  of: 'step' | 'average';
}

/** Milliseconds in which event files tell what the bar has shown: TensorBoard's writer holds points back for 120 s. */
const eventsWithin = 180_000;

/** Counts NaN losses: by the event files where they have the loss of each step, else by the bar's average. */
export class NanWatch {
  readonly #reader: MetricsReader;
  #cursor: SeriesCursor = {};
  readonly #tallies = new Map<string, LossTally>();
  readonly #writesEvents: boolean;
  readonly #clock: () => number;
  /** Since when the average has been NaN without a word of the steps. */
  #averageSince: number | null = null;

  /**
   * @param metrics directory of the run's series; it need not exist
   * @param writesEvents whether event files are to be expected, which then have the last word
   * @param clock milliseconds
   */
  constructor(metrics: string, writesEvents: boolean, clock: () => number) {
    this.#reader = new MetricsReader(metrics);
    this.#writesEvents = writesEvents;
    this.#clock = clock;
  }

  look(log: Pick<LogState, 'nanStreak'>): NanLosses {
    for (let more = true; more; ) {
      const polled = this.#reader.poll(this.#cursor);
      this.#cursor = polled.cursor;
      more = polled.more;
      for (const each of polled.appended) if (lossTags.includes(each.tag)) this.#take(each);
    }
    const tag = lossTags.find((each) => this.#tallies.has(each));
    const losses = tag === undefined ? null : this.#tallies.get(tag)!.result();
    return losses === null ? this.#average(log.nanStreak) : { streak: losses.nanStreak, of: 'step' };
  }

  #average(streak: number): NanLosses {
    if (streak === 0) this.#averageSince = null;
    else this.#averageSince ??= this.#clock();
    const isEarly = this.#averageSince !== null && this.#clock() - this.#averageSince < eventsWithin;
    return { streak: this.#writesEvents && isEarly ? 0 : streak, of: 'average' };
  }

  #take({ tag, step, value }: SeriesPoints): void {
    const tally = this.#tallies.get(tag) ?? new LossTally();
    this.#tallies.set(tag, tally);
    for (const [i, at] of step.entries()) tally.add(at, value[i]!);
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
