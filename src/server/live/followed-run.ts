/** One run that trains, followed while it does: its log, its curves. */
import { join } from 'node:path';
import type { LiveEvent } from '../../api/events.ts';
import { startPulse } from '../../follow/pulse.ts';
import type { Progress } from '../../model/facts.ts';
import { measuredOf, type SeriesCursor } from '../../model/metrics.ts';
import type { RunId } from '../../model/run-id.ts';
import { MetricsReader } from '../../store/metrics/metrics-reader.ts';
import type { LogReader } from '../../trainers/trainer.ts';
import { LogTail } from './log-tail.ts';

export interface FollowOptions {
  id: RunId;
  /** The run's. */
  folder: string;
  reader(): LogReader;
  publish(event: LiveEvent): void;
  /** Told of what keeps it from being followed for a moment. */
  failed(error: unknown): void;
}

/** Milliseconds between two looks while it writes, and where the system tells of no change. */
const restMs = 25;
const everyMs = 1000;
/** More new points than this are asked for by who wants them. */
const mostPoints = 2000;

export class FollowedRun {
  readonly #options: FollowOptions;
  readonly #over = new AbortController();
  readonly #log: LogTail;
  readonly #sources: { reader: MetricsReader; at: SeriesCursor }[];
  #told = '';
  /** Settles when it is no longer followed. */
  readonly ended: Promise<void>;

  constructor(options: FollowOptions) {
    this.#options = options;
    const { folder, reader } = options;
    this.#log = new LogTail(join(folder, 'log'), reader);
    this.#sources = ['metrics', 'machine'].map((name) => {
      const source = new MetricsReader(join(folder, name));
      return { reader: source, at: source.end() };
    });
    this.ended = this.#follow();
  }

  /** What its log shows now; null before it shows anything. */
  get progress(): Progress | null {
    return this.#log.size === 0 ? null : this.#now(this.#log.progress);
  }

  #now(progress: Progress): Progress {
    return { ...progress, at: new Date(this.#log.writtenAt).toISOString() };
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.ended;
  }

  async #follow(): Promise<void> {
    const { folder, failed } = this.#options;
    const directories = [folder, join(folder, 'metrics'), join(folder, 'machine')];
    const pulse = startPulse({ directories, everyMs, until: this.#over.signal });
    try {
      while (!this.#over.signal.aborted) {
        await this.#look().catch(failed);
        await pulse.next(restMs);
      }
      await this.#look().catch(failed);
    } finally {
      pulse.close();
    }
  }

  async #look(): Promise<void> {
    for (const source of this.#sources) this.#lookAtCurves(source);
    if (!(await this.#log.poll())) return;
    const { id, publish } = this.#options;
    const { progress } = this.#log;
    const text = JSON.stringify(progress);
    if (text !== this.#told) publish({ type: 'progress', run: id, progress: this.#now(progress) });
    this.#told = text;
    publish({ type: 'log', run: id, size: this.#log.size });
  }

  #lookAtCurves(source: { reader: MetricsReader; at: SeriesCursor }): void {
    const { replaced, appended, cursor, more } = source.reader.poll(source.at);
    source.at = cursor;
    const count = appended.reduce((sum, { value }) => sum + value.length, 0);
    if (count === 0) return;
    // What an event file tells now that only the bar told before is asked for anew, too.
    const tooMany = more || count > mostPoints || replaced.length > 0;
    const curves = appended.map(({ tag, axis, step, time, value }) => ({
      tag,
      axis,
      x: tooMany ? [] : [...step],
      time: tooMany ? [] : [...time],
      value: tooMany ? [] : Array.from(value, measuredOf),
    }));
    this.#options.publish({ type: 'points', run: this.#options.id, more: tooMany, curves });
  }
}
