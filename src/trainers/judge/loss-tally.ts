import type { Losses } from '../trainer.ts';

/** Tags of the loss of each step, which is not averaged, as trainers call it; the first of them that there is counts. */
export const lossTags = ['loss/current', 'loss/train_step', 'train/loss', 'loss'];

/** Counts steps, and those at the end whose loss was NaN. With gradient accumulation a step has several values, of which one is enough. */
export class LossTally {
  #steps = 0;
  #streak = 0;
  #step: number | null = null;
  #isOdd = false;

  add(step: number, value: number): void {
    if (step !== this.#step) {
      if (!this.#isOdd) this.#streak = 0;
      this.#isOdd = false;
      this.#step = step;
      this.#steps++;
    }
    if (!Number.isNaN(value) || this.#isOdd) return;
    this.#isOdd = true;
    this.#streak++;
  }

  result(): Losses {
    return { steps: this.#steps, nanStreak: this.#isOdd ? this.#streak : 0 };
  }
}
