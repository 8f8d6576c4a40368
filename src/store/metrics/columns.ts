import type { SeriesAxis, SeriesPoints } from '../../model/metrics.ts';

/** Points being gathered: three columns that grow. */
export class Columns {
  #step: Float64Array;
  #time: Float64Array;
  #value: Float64Array;
  length = 0;

  /** @param expected about how many there will be */
  constructor(expected = 64) {
    const room = Math.max(64, expected);
    this.#step = new Float64Array(room);
    this.#time = new Float64Array(room);
    this.#value = new Float64Array(room);
  }

  add(step: number, time: number, value: number): void {
    const at = this.length++;
    if (at === this.#step.length) this.#grow();
    this.#step[at] = step;
    this.#time[at] = time;
    this.#value[at] = value;
  }

  points(tag: string, axis: SeriesAxis, total = this.length): SeriesPoints {
    const column = (all: Float64Array) => all.slice(0, this.length);
    const reduced = total > this.length;
    return {
      tag,
      axis,
      step: column(this.#step),
      time: column(this.#time),
      value: column(this.#value),
      total,
      reduced,
    };
  }

  #grow(): void {
    const longer = (all: Float64Array) => {
      const more = new Float64Array(all.length * 4);
      more.set(all);
      return more;
    };
    this.#step = longer(this.#step);
    this.#time = longer(this.#time);
    this.#value = longer(this.#value);
  }
}
