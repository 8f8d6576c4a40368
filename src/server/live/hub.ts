/** Hands events to all who look on, and keeps the last ones for those who were cut off. */
import { randomBytes } from 'node:crypto';
import type { LiveEvent } from '../../api/events.ts';
import { SpoorError } from '../../model/errors.ts';
import type { RunId } from '../../model/run-id.ts';

export interface Subscription {
  /** Id of the last event that was seen; null on the first connection. */
  after: string | null;
  /** Runs of which points, artefacts and the log are told. */
  runs: ReadonlySet<RunId>;
  /** Ends when all is told that is known. */
  once?: boolean;
}

export interface HubLimits {
  streams: number;
  /** Events that are kept, and their bytes. */
  kept: number;
  keptBytes: number;
  heartbeatMs: number;
}

export const usualLimits: HubLimits = {
  streams: 64,
  kept: 200_000,
  keptBytes: 32 << 20,
  heartbeatMs: 15_000,
};

interface Kept {
  id: number;
  /** Null for what everybody is told. */
  run: RunId | null;
  /** Null once a later event says all that it said. */
  text: string | null;
}

/** Each reads what is kept at its own pace. */
interface Stream {
  /** The last event that it was sent or passed over; null where that is not known any more. */
  at: number | null;
  wake(): void;
  greeted: boolean;
  /** It was told up to where it has been told. */
  dismissed: boolean;
  /** What is kept is still sent. */
  ended: boolean;
}

/** Of a run only the last one counts: where it stands, how long its log is. */
const superseded = new Set<LiveEvent['type']>(['progress', 'log']);
const detailed = new Set<LiveEvent['type']>(['points', 'artifacts', 'log']);
const encoder = new TextEncoder();

export class Hub {
  readonly #limits: HubLimits;
  /** Of this server: ids of another one say nothing here. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #running: () => RunId[];
  #last = 0;
  #kept: Kept[] = [];
  #keptBytes = 0;
  /** By kind and run. */
  readonly #latest = new Map<string, Kept>();
  readonly #streams = new Set<Stream>();

  /** @param running what trains now */
  constructor(running: () => RunId[], limits: HubLimits = usualLimits) {
    this.#running = running;
    this.#limits = limits;
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** Id of the last event: who begins behind it misses nothing that is told from now on. */
  get lastId(): string {
    return `${this.#epoch}-${this.#last}`;
  }

  publish(event: LiveEvent): void {
    const id = ++this.#last;
    const run = 'run' in event && detailed.has(event.type) ? event.run : null;
    const text = this.#text(id, event);
    const kept: Kept = { id, run, text };
    this.#kept.push(kept);
    this.#keptBytes += text.length;
    if (superseded.has(event.type) && 'run' in event) this.#supersede(`${event.type} ${event.run}`, kept);
    if (this.#kept.length > this.#limits.kept || this.#keptBytes > this.#limits.keptBytes) this.#forget();
    for (const stream of this.#streams) stream.wake();
  }

  /** A stream of server-sent events. Errors: `too-many-streams`. */
  subscribe({ after, runs, once = false }: Subscription): ReadableStream<Uint8Array> {
    if (this.#streams.size >= this.#limits.streams) {
      const hint = 'Close pages that are not looked at.';
      throw new SpoorError('busy', 'too-busy', `${this.#streams.size} pages look on already`, hint);
    }
    const stream: Stream = { at: this.#placeOf(after), wake: () => {}, greeted: false, dismissed: false, ended: once };
    this.#streams.add(stream);
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const text = await this.#next(stream, runs);
          if (text !== null) controller.enqueue(encoder.encode(text));
          else {
            this.#streams.delete(stream);
            controller.close();
          }
        },
        cancel: () => {
          this.#streams.delete(stream);
          stream.ended = true;
          stream.wake();
        },
      },
      { highWaterMark: 1 },
    );
  }

  /** What a stream is to be sent next, waited for; null at its end. */
  async #next(stream: Stream, runs: ReadonlySet<RunId>): Promise<string | null> {
    if (!stream.greeted) {
      stream.greeted = true;
      // Whoever is cut off before it is told to ask again is told so the next time.
      return this.#text(stream.at ?? 'unknown', { type: 'hello', running: this.#running() });
    }
    for (;;) {
      const oldest = this.#kept[0]?.id ?? this.#last + 1;
      if (stream.at === null || stream.at < oldest - 1) {
        stream.at = this.#last;
        return this.#text(stream.at, { type: 'reload', reason: 'too much happened meanwhile' });
      }
      while (stream.at < this.#last) {
        const event = this.#kept[++stream.at - oldest] as Kept;
        if (event.text !== null && (event.run === null || runs.has(event.run))) return event.text;
      }
      // The id without an event: what passed and was for others need not be kept for this one.
      const place = `id: ${this.#epoch}-${stream.at}\n\n`;
      if (stream.ended) {
        if (stream.dismissed) return null;
        stream.dismissed = true;
        return place;
      }
      if (!(await this.#noticed(stream))) return place;
    }
  }

  /** @returns false where nothing happened for long */
  async #noticed(stream: Stream): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), this.#limits.heartbeatMs);
    stream.wake = () => resolve(true);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      stream.wake = () => {};
    }
  }

  /** Says that it is over, and ends all streams. */
  end(): void {
    this.publish({ type: 'bye' });
    for (const stream of this.#streams) {
      stream.ended = true;
      stream.wake();
    }
  }

  /** The event that was seen last; null where that is not known any more. */
  #placeOf(after: string | null): number | null {
    if (after === null) return this.#last;
    const [epoch, number] = after.split('-');
    const seen = Number(number);
    return epoch === this.#epoch && Number.isSafeInteger(seen) && seen >= 0 && seen <= this.#last ? seen : null;
  }

  #forget(): void {
    const half = Math.ceil(this.#kept.length / 2);
    // Counted no more, whatever comes later of the same.
    for (const gone of this.#kept.splice(0, half)) gone.text = null;
    this.#keptBytes = this.#kept.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
  }

  #supersede(key: string, kept: Kept): void {
    const before = this.#latest.get(key);
    if (before?.text) {
      this.#keptBytes -= before.text.length;
      before.text = null;
    }
    this.#latest.set(key, kept);
  }

  #text(id: number | 'unknown', event: LiveEvent): string {
    return `id: ${this.#epoch}-${id}\ndata: ${JSON.stringify(event)}\n\n`;
  }
}
