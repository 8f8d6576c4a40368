/**
 * TensorBoard's event files (tensorflow/core/util/event.proto, framework/summary.proto): records of `Event` messages, read
 * while they are written. Scalars come in three forms: `simple_value`, a tensor of the plugin `scalars`, and the
 * values that the plugin `hparams` holds of its session.
 */
import { type HyperParameter, readHparams } from './hparams.ts';
import { type Damage, RecordReader } from './records.ts';
import { type HistogramSummary, type ImageSummary, readValue, type Summaries } from './summary.ts';
import { Tags } from './tags.ts';
import { Wire } from './wire.ts';

/** What a file tells, in its order. Times are seconds since 1970. */
export interface EventTaker {
  scalar(tag: string, step: number, time: number, value: number): void;
  text?(tag: string, step: number, time: number, text: string): void;
  image?(tag: string, step: number, time: number, image: ImageSummary): void;
  histogram?(tag: string, step: number, time: number, histogram: HistogramSummary): void;
  hparams?(step: number, time: number, parameters: HyperParameter[]): void;
  damaged?(damage: Damage): void;
}

/** Reads one file from its beginning, in pieces of any size. What is cut off is waited for. */
export class EventFileReader {
  readonly #wire = new Wire();
  readonly #tags = new Tags();
  readonly #records: RecordReader;
  readonly #taker: EventTaker;
  readonly #found: Summaries[] = [];
  /** When the first event was written; null before there is one. */
  startedAt: number | null = null;
  /** When the last whole event was written; null before there is one. */
  lastAt: number | null = null;

  constructor(taker: EventTaker) {
    this.#taker = taker;
    this.#records = new RecordReader({
      record: (bytes, from, to) => this.#event(bytes, from, to),
      damaged: (damage) => taker.damaged?.(damage),
    });
  }

  /** Whether a damaged length has made the rest unreadable. */
  get isDead(): boolean {
    return this.#records.dead;
  }

  push(chunk: Uint8Array): void {
    this.#records.push(chunk);
  }

  #event(bytes: Uint8Array, from: number, end: number): void {
    const wire = this.#wire;
    wire.begin(bytes, from);
    let time = 0;
    let step = 0;
    let summaryAt = -1;
    let summaryEnd = 0;
    while (wire.at < end) {
      const field = wire.field(end);
      if (field === 1 && wire.is(1)) time = wire.double(end);
      else if (field === 2 && wire.is(0)) step = wire.varint(end);
      else if (field === 5 && wire.is(2)) {
        summaryEnd = wire.length(end);
        summaryAt = wire.at;
        wire.at = summaryEnd;
      } else wire.skip(end);
    }
    this.startedAt ??= time;
    this.lastAt = time;
    if (summaryAt >= 0) this.#summary(summaryAt, summaryEnd, step, time);
  }

  /** Nothing of a summary is told before all of it has been read. */
  #summary(from: number, end: number, step: number, time: number): void {
    const wire = this.#wire;
    const found = this.#found;
    found.length = 0;
    wire.at = from;
    while (wire.at < end) {
      if (wire.field(end) !== 1 || !wire.is(2)) {
        wire.skip(end);
        continue;
      }
      const value = readValue(wire, wire.length(end), this.#tags);
      if (value !== null) found.push(value);
    }
    for (const value of found) this.#tell(value, step, time);
  }

  #tell(found: Summaries, step: number, time: number): void {
    const taker = this.#taker;
    const { tag } = found;
    if (found.kind === 'scalar') taker.scalar(tag, step, time, found.value);
    else if (found.kind === 'text') taker.text?.(tag, step, time, found.text);
    else if (found.kind === 'image') taker.image?.(tag, step, time, found.image);
    else if (found.kind === 'histogram') taker.histogram?.(tag, step, time, found.histogram);
    else {
      const parameters = readHparams(found.content);
      if (parameters.length > 0) taker.hparams?.(step, time, parameters);
    }
  }
}

/** When the first event was written, in seconds since 1970; null where there is none. */
export function firstWallTime(bytes: Uint8Array): number | null {
  const reader = new EventFileReader({ scalar() {} });
  reader.push(bytes);
  return reader.startedAt;
}
