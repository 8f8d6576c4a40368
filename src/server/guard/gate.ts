/** Lets a few do costly work at once; the others wait their turn, and too many are sent away. */
import { SpoorError } from '../../model/errors.ts';

export class Gate {
  readonly #most: number;
  readonly #mostWaiting: number;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /** Errors: `too-busy`. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#most) {
      if (this.#waiting.length >= this.#mostWaiting) {
        throw new SpoorError('busy', 'too-busy', 'too much is being asked at once', 'Ask again in a moment.');
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#inside++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside--;
    }
  }
}

/** One after the other. */
export const oneByOne = () => new Gate(1, 1000);
