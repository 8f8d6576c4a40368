import type { Bar } from './progress-bar.ts';

/** The window that counts as `lately`: so many steps and seconds at least. A bar tells whole seconds. */
const leastSteps = 8;
const leastSeconds = 20;
/** Below that many seconds rounding tells more than the steps do. */
const tooShort = 5;

interface Stretch {
  steps: number;
  seconds: number;
}

/**
 * What a step takes, from the clock of the trainer's own bar. Samples, validation and checkpoints come
 * between two drawings of one step, so that the time between them is a pause, and the time from the
 * last drawing of a step to the first of the next is the step's own.
 */
export class StepTimes {
  #last: { step: number; elapsed: number } | null;
  #lately: Stretch[];
  /** All of them together. */
  #sum: Stretch;
  #paused: number;
  #steps: number;

  constructor(from: StepTimes | null = null) {
    this.#last = from ? from.last() : null;
    this.#lately = from ? from.lately() : [];
    this.#sum = from ? { ...from.#sum } : { steps: 0, seconds: 0 };
    this.#paused = from ? from.#paused : 0;
    this.#steps = from ? from.#steps : 0;
  }

  private last(): { step: number; elapsed: number } | null {
    return this.#last && { ...this.#last };
  }

  private lately(): Stretch[] {
    return this.#lately.map((each) => ({ ...each }));
  }

  /** @param pausing whether samples, validation or a checkpoint came since the bar was drawn last */
  draw({ step, elapsed }: Bar, pausing: boolean): void {
    const last = this.#last;
    this.#last = { step, elapsed };
    if (last === null || step < last.step || elapsed < last.elapsed) return;
    const seconds = elapsed - last.elapsed;
    if (step === last.step) {
      if (pausing) this.#paused += seconds;
      else this.#extend(seconds);
      return;
    }
    const steps = step - last.step;
    this.#steps += steps;
    if (pausing) this.#paused += Math.max(0, seconds - steps * (this.stepSeconds ?? 0));
    else this.#add({ steps, seconds });
  }

  /** Seconds a step took lately; null where too little has been seen. */
  get stepSeconds(): number | null {
    const { steps, seconds } = this.#sum;
    return steps < 2 || seconds < tooShort ? null : seconds / steps;
  }

  /** Seconds of pauses for each step so far. */
  get pauseSeconds(): number {
    return this.#steps === 0 ? 0 : this.#paused / this.#steps;
  }

  /** What is drawn of a step again without a pause is still that step: its values come late. */
  #extend(seconds: number): void {
    const stretch = this.#lately.at(-1);
    if (stretch === undefined) return;
    stretch.seconds += seconds;
    this.#sum.seconds += seconds;
  }

  #add({ steps, seconds }: Stretch): void {
    const sum = this.#sum;
    const last = this.#lately.at(-1);
    // Steps of one second are one stretch, or fast steps would be many.
    if (last !== undefined && seconds === 0) last.steps += steps;
    else this.#lately.push({ steps, seconds });
    sum.steps += steps;
    sum.seconds += seconds;
    for (;;) {
      const first = this.#lately[0]!;
      if (sum.steps - first.steps < leastSteps || sum.seconds - first.seconds < leastSeconds) break;
      this.#lately.shift();
      sum.steps -= first.steps;
      sum.seconds -= first.seconds;
    }
  }
}
