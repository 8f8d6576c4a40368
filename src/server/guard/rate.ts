/** How often one may ask: so many a second, with a reserve for what a page needs when it opens. */
export class Rate {
  readonly #perSecond: number;
  readonly #reserve: number;
  readonly #now: () => number;
  #left: number;
  #at: number;

  constructor(perSecond: number, reserve: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#reserve = reserve;
    this.#now = now;
    this.#left = reserve;
    this.#at = now();
  }

  /** Whether one more may be asked now. */
  take(): boolean {
    const now = this.#now();
    this.#left = Math.min(this.#reserve, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
