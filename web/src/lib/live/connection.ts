/**
 * What happens on the server, as long as somebody looks at this page: after a break, a restart of the server or a time in
 * which the page was hidden it goes on behind the last event that was seen.
 */
import { ApiError, addressOf, type LiveEvent } from '../../../../src/api/index.ts';
import { takePlace } from './places.ts';
import { readEvents } from './read-events.ts';

/** `shut`: the server does not know this browser any more. */
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'shut';

export interface ConnectionOptions {
  /** Runs of which everything is told. */
  runs(): readonly string[];
  take(event: LiveEvent): void;
  become(state: ConnectionState): void;
  /** Lets this browser in again; false where the server does not know it. */
  enterAgain(): Promise<boolean>;
}

/** Milliseconds between two questions of a page that has no stream of its own. */
const everyMs = 1500;
const retryMs = { first: 500, most: 5000 };

export class Connection {
  readonly #options: ConnectionOptions;
  /** Empty: what was asked may be out of date already. */
  #lastId: string;
  #visit: AbortController | null = null;
  /** Of the present request or rest; the next begins at once. */
  #step = new AbortController();
  #retryMs = retryMs.first;
  #mayEnterAgain = true;

  /** @param lastEventId null where it is not known */
  constructor(lastEventId: string | null, options: ConnectionOptions) {
    this.#lastId = lastEventId ?? '';
    this.#options = options;
  }

  /** From now on, while the page is seen. */
  start(): void {
    const look = () => {
      if (document.visibilityState === 'hidden') this.#visit?.abort();
      else if (this.#visit === null || this.#visit.signal.aborted) void this.#look();
      else this.hurry();
    };
    document.addEventListener('visibilitychange', look);
    window.addEventListener('online', () => this.hurry());
    window.addEventListener('focus', () => this.hurry());
    look();
  }

  /** Tries at once where it waits to try again. */
  hurry(): void {
    this.#retryMs = retryMs.first;
    if (!this.#isConnected) this.#step.abort();
  }

  /** Asks anew: for other runs. */
  again(): void {
    this.#step.abort();
  }

  #isConnected = false;

  async #look(): Promise<void> {
    const visit = new AbortController();
    this.#visit = visit;
    let place: Awaited<ReturnType<typeof takePlace>> = null;
    try {
      while (!visit.signal.aborted) {
        place ??= await takePlace();
        if (visit.signal.aborted) return;
        this.#step = new AbortController();
        const rest = await this.#ask(place === null, AbortSignal.any([visit.signal, this.#step.signal]));
        if (rest > 0) await pause(rest, AbortSignal.any([visit.signal, this.#step.signal]));
      }
    } finally {
      place?.release();
    }
  }

  /** @returns milliseconds until it should be asked again */
  async #ask(once: boolean, signal: AbortSignal): Promise<number> {
    const { runs, take, become, enterAgain } = this.#options;
    const asked = { run: [...runs()], lastEventId: this.#lastId, ...(once ? { once } : {}) };
    let isOver = false;
    try {
      await readEvents(addressOf('events', asked), signal, ({ id, data }) => {
        if (signal.aborted) return;
        this.#isConnected = true;
        this.#mayEnterAgain = true;
        this.#retryMs = retryMs.first;
        const event = data === null ? null : (JSON.parse(data) as LiveEvent);
        if (event) take(event);
        // Only what was taken is behind it.
        if (id !== null) this.#lastId = id;
        isOver = event?.type === 'bye';
        become(isOver ? 'lost' : 'live');
      });
      if (once && !isOver) return everyMs;
    } catch (error) {
      if (signal.aborted) return 0;
      const isShut = error instanceof ApiError && error.status === 401;
      if (isShut && this.#mayEnterAgain && (await enterAgain())) return 0;
      this.#mayEnterAgain = !isShut;
      become(isShut ? 'shut' : 'lost');
      return this.#nextRetry();
    } finally {
      this.#isConnected = false;
    }
    become('lost');
    return this.#nextRetry();
  }

  #nextRetry(): number {
    const rest = this.#retryMs;
    this.#retryMs = Math.min(rest * 2, retryMs.most);
    return rest;
  }
}

function pause(ms: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (until.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    until.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
