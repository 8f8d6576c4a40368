/** Server-sent events as a page reads them. */
import type { LiveEvent } from '../../api/events.ts';

export interface Told {
  id: string;
  event: LiveEvent;
  /** `performance.now()` when it came. */
  at: number;
}

export class EventReader {
  readonly #over = new AbortController();
  readonly #told: Told[] = [];
  #wake = () => {};
  #at = 0;
  /** Of the last event. */
  lastId = '';
  readonly closed: Promise<void>;

  constructor(url: string, headers: Record<string, string>) {
    this.closed = this.#read(url, headers);
    this.closed.catch(() => {});
  }

  /** The next event of a kind; those before it are passed over. */
  async next<T extends LiveEvent['type']>(
    type: T,
    holds: (event: Extract<LiveEvent, { type: T }>) => boolean = () => true,
  ): Promise<Told & { event: Extract<LiveEvent, { type: T }> }> {
    for (;;) {
      while (this.#at < this.#told.length) {
        const told = this.#told[this.#at++] as Told;
        if (told.event.type === type && holds(told.event as Extract<LiveEvent, { type: T }>)) return told as never;
      }
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
        this.closed.then(() => Promise.reject(new Error(`the stream ended before ${type}`))),
      ]);
    }
  }

  all(): LiveEvent[] {
    return this.#told.map(({ event }) => event);
  }

  close(): void {
    this.#over.abort();
  }

  async #read(url: string, headers: Record<string, string>): Promise<void> {
    const response = await fetch(url, { headers, signal: this.#over.signal });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    let text = '';
    try {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + chunk).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
        this.#wake();
      }
    } catch (error) {
      if (!this.#over.signal.aborted) throw error;
    }
  }

  #take(block: string): void {
    const [, id, data] = /^id: (.*?)(?:\ndata: (.*))?$/s.exec(block) ?? [];
    if (id !== undefined) this.lastId = id;
    if (id !== undefined && data !== undefined) this.#told.push({ id, event: JSON.parse(data), at: performance.now() });
  }
}
