import { mkdirSync } from 'node:fs';
import type { SeriesAxis, SeriesSink } from '../../model/metrics.ts';
import { cannotWrite } from '../cannot-write.ts';
import { MetricsReader } from './metrics-reader.ts';
import { SeriesFile } from './series-file.ts';

/** Series of one source that are kept; a trainer has a dozen. */
const mostSeries = 1_000;
/** Characters of a tag; longer ones are cut. */
const longestTag = 500;

/**
 * Writes the series of one source into a directory (made, if its parent exists). Its bytes depend on nothing but the
 * source's name and the points in their order: whoever begins again from the source's beginning writes the same, finds
 * it there, and goes on behind it.
 */
export class MetricsWriter implements SeriesSink {
  readonly #directory: string;
  readonly #source: string;
  readonly #series = new Map<string, SeriesFile>();
  #next = 0;
  /** Whether something is held that no file has. */
  #holds = false;

  /** @param source sources sort in the order in which they were begun */
  constructor(directory: string, source: string) {
    this.#directory = directory;
    this.#source = source;
  }

  /** A writer of what cannot be had again from its beginning: it goes on behind the whole points that are there. */
  static resume(directory: string, source: string): MetricsWriter {
    const writer = new MetricsWriter(directory, source);
    for (const { number, points } of new MetricsReader(directory).ofSource(source)) {
      const { tag, axis, step, time, value } = points;
      writer.#open(tag, axis, number);
      for (let i = 0; i < step.length; i++) writer.add(tag, axis, step[i]!, time[i]!, value[i]!);
    }
    return writer;
  }

  add(tag: string, axis: SeriesAxis, step: number, time: number, value: number): boolean {
    const name = tag.slice(0, longestTag);
    let series = this.#series.get(name);
    if (series === undefined) {
      if (this.#series.size >= mostSeries) return false;
      series = this.#open(name, axis, this.#next);
    }
    this.#holds = true;
    if (series.add(step, time, value)) this.#writing(() => series.flush());
    return true;
  }

  flush(): void {
    if (!this.#holds) return;
    this.#writing(() => {
      for (const series of this.#series.values()) series.flush();
    });
    this.#holds = false;
  }

  close(): void {
    this.#writing(() => {
      for (const series of this.#series.values()) series.flush(true);
    });
  }

  #open(tag: string, axis: SeriesAxis, number: number): SeriesFile {
    const series = new SeriesFile(this.#directory, this.#source, number, tag, axis);
    this.#series.set(tag, series);
    this.#next = Math.max(this.#next, number + 1);
    return series;
  }

  #writing(write: () => void): void {
    if (this.#series.size === 0) return;
    try {
      mkdirSync(this.#directory, { mode: 0o700, recursive: false });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(this.#directory, error);
    }
    write();
  }
}
