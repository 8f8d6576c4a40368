import type { HistogramSummary } from '../../formats/tfevents/summary.ts';
import type { Warning } from '../../model/facts.ts';

/** Histograms of a source that are kept; those of a model's every layer would leave no room for its losses. */
const mostHistograms = 100;

/** What is kept of histograms: series of where they lie, `weights/min`, `weights/max`, and the mean where it is told. */
export class HistogramSeries {
  readonly #tags = new Set<string>();
  #isFull = false;

  /** Hands over the values of one histogram, none of an empty one. */
  take(
    tag: string,
    { count, min, max, sum, sumOfSquares }: HistogramSummary,
    to: (tag: string, value: number) => void,
  ) {
    if (!(count > 0)) return;
    if (!this.#tags.has(tag)) {
      if (this.#tags.size >= mostHistograms) {
        this.#isFull = true;
        return;
      }
      this.#tags.add(tag);
    }
    to(`${tag}/min`, min);
    to(`${tag}/max`, max);
    if (sum === null) return;
    const mean = sum / count;
    to(`${tag}/mean`, mean);
    if (sumOfSquares !== null) to(`${tag}/deviation`, Math.sqrt(Math.max(0, sumOfSquares / count - mean * mean)));
  }

  warnings(path: string): Warning[] {
    if (!this.#isFull) return [];
    const message = `${path} has more histograms than the ${mostHistograms} that are kept`;
    return [{ code: 'series-too-many', message, hint: 'The first ones are kept; the file itself has them all.' }];
  }
}
