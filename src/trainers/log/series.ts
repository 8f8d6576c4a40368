import type { Measured, Series } from '../../model/facts.ts';
import type { TakeBarPoint } from '../trainer.ts';
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
  #current: Drawn | null;
  #before: string;
  readonly #take: TakeBarPoint | null;

  /** @param take handed each point as it is made; a copy hands over none */
  constructor(take: TakeBarPoint | null, from: BarSeries | null = null) {
    this.#take = take;
    this.#series = new Map(from ? [...from.#series].map(([tag, series]) => [tag, { ...series }]) : []);
    this.#nanStreak = from ? from.#nanStreak : 0;
    this.#losses = from ? from.#losses.slice(-lately) : [];
    this.#current = from ? from.current() : null;
    this.#before = from ? from.#before : '';
  }

  private current(): Drawn | null {
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
    this.#current = { step: bar.step, elapsed: bar.elapsed, postfix: bar.postfix, draws };
  }

  /** The series, the NaN losses at their end and the last losses, as far as the drawings tell for sure. */
  result(): { series: Series[]; nanStreak: number; losses: Measured[] } {
    const copy = new BarSeries(null, this);
    copy.end();
    return { series: [...copy.#series.values()], nanStreak: copy.#nanStreak, losses: copy.#losses.slice(-lately) };
  }

  /** Nothing more is drawn. */
  end(): void {
    const current = this.#current;
    if (current === null) return;
    if (current.draws > 1 || fingerprint(current.postfix) !== this.#before) this.#commit();
    this.#current = null;
  }

  #commit(): void {
    if (this.#current === null || this.#current.step === 0) return;
    const { step, elapsed, postfix } = this.#current;
    for (const [key, value] of postfix) {
      const tag = tagOf(key);
      this.#add(tag, value);
      this.#take?.(tag, step, elapsed, value);
    }
    this.#before = fingerprint(postfix);
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

/** A step as it was drawn last. */
interface Drawn {
  step: number;
  elapsed: number;
  postfix: Bar['postfix'];
  draws: number;
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
