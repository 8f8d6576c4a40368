import type { Measured, Series } from '../../model/facts.ts';
import type { Bar } from './progress-bar.ts';

/** So many of the last losses are kept: enough to see where they go. */
const lately = 64;
/** At most this many tags; a trainer has a dozen. */
const mostTags = 64;

/**
 * One point a step out of the drawings of a bar. tqdm draws a step twice: when it is counted, with the
 * values of the step before, and when its own values are set. The last drawing of a step counts; a
 * step that was only drawn with what the step before had, and after which nothing came, has no point.
 */
export class BarSeries {
  readonly #series: Map<string, Series>;
  #nanStreak: number;
  readonly #losses: Measured[];
  #current: { step: number; postfix: Bar['postfix']; draws: number } | null;
  #before: string;

  constructor(from: BarSeries | null = null) {
    this.#series = new Map(from ? [...from.#series].map(([tag, series]) => [tag, { ...series }]) : []);
    this.#nanStreak = from ? from.#nanStreak : 0;
    this.#losses = from ? from.#losses.slice(-lately) : [];
    this.#current = from ? from.current() : null;
    this.#before = from ? from.#before : '';
  }

  private current(): { step: number; postfix: Bar['postfix']; draws: number } | null {
    return this.#current && { ...this.#current };
  }

  /** @param draws how often the step was drawn, the last time with these values */
  draw(bar: Bar, draws: number): void {
    const current = this.#current;
    if (current !== null && current.step === bar.step) {
      current.postfix = bar.postfix;
      current.draws += draws;
      return;
    }
    this.#commit();
    this.#current = { step: bar.step, postfix: bar.postfix, draws };
  }

  /** The series, the NaN losses at their end and the last losses, as far as the drawings tell for sure. */
  result(): { series: Series[]; nanStreak: number; losses: Measured[] } {
    const copy = new BarSeries(this);
    const current = this.#current;
    if (current !== null && (current.draws > 1 || fingerprint(current.postfix) !== this.#before)) copy.#commit();
    return { series: [...copy.#series.values()], nanStreak: copy.#nanStreak, losses: copy.#losses.slice(-lately) };
  }

  #commit(): void {
    if (this.#current === null || this.#current.step === 0) return;
    for (const [key, value] of this.#current.postfix) this.#add(tagOf(key), value);
    this.#before = fingerprint(this.#current.postfix);
  }

  #add(tag: string, value: Measured): void {
    if (tag === 'loss/average') {
      this.#nanStreak = value === 'NaN' ? this.#nanStreak + 1 : 0;
      this.#losses.push(value);
      if (this.#losses.length > 2 * lately) this.#losses.splice(0, lately);
    }
    const series = this.#series.get(tag);
    const finite = typeof value === 'number' ? value : null;
    if (series === undefined) {
      if (this.#series.size < mostTags) {
        this.#series.set(tag, { tag, points: 1, first: value, last: value, min: finite, max: finite });
      }
      return;
    }
    series.points++;
    series.last = value;
    if (finite !== null) {
      series.min = Math.min(series.min ?? finite, finite);
      series.max = Math.max(series.max ?? finite, finite);
    }
  }
}

function fingerprint(postfix: Bar['postfix']): string {
  return JSON.stringify(postfix);
}

/** The bar's words for what TensorBoard calls otherwise; older versions wrote the average as `loss`. */
const tags: Readonly<Record<string, string>> = {
  avr_loss: 'loss/average',
  loss: 'loss/average',
  'Keys Scaled': 'max_norm/keys_scaled',
  'Average key norm': 'norm/avg_key_norm',
};

export function tagOf(key: string): string {
  return Object.hasOwn(tags, key) ? tags[key]! : key;
}
