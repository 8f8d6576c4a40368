/**
 * Has answers asked again when events say that they are out of date: one kind at a time, and again where an event came
 * while it was asked, so that an answer that is older than the event does not stand, and a flood of events asks no faster
 * than is answered.
 */
import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Milliseconds between two askings of the same. */
const restMs = 250;

export class Freshness {
  readonly #client: QueryClient;
  /** Keys that are asked now; true where they are out of date again. */
  readonly #asking = new Map<string, boolean>();

  constructor(client: QueryClient) {
    this.#client = client;
  }

  /** @param key what begins with it */
  ask(key: QueryKey): void {
    const name = JSON.stringify(key);
    if (this.#asking.has(name)) this.#asking.set(name, true);
    else void this.#ask(name, key);
  }

  async #ask(name: string, key: QueryKey): Promise<void> {
    // A first answer that is on its way is not asked anew by this, and may be older than the event.
    this.#asking.set(name, this.#awaited(key));
    await this.#client.invalidateQueries({ queryKey: key });
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const again = this.#asking.get(name);
    this.#asking.delete(name);
    if (again) await this.#ask(name, key);
  }

  #awaited(key: QueryKey): boolean {
    const found = this.#client.getQueryCache().findAll({ queryKey: key, fetchStatus: 'fetching' });
    return found.some(({ state }) => state.data === undefined);
  }

  /** What could not be answered. */
  askFailed(): void {
    void this.#client.invalidateQueries({
      predicate: ({ state }) => state.error !== null || state.fetchFailureReason !== null,
    });
    // Pictures are asked for by nobody but the browser, and once.
    for (const image of document.images) {
      const { src } = image;
      if (src !== '' && image.complete && image.naturalWidth === 0) image.src = src;
    }
  }
}
