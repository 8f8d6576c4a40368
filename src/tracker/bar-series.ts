import { SpoorError } from '../model/errors.ts';
import type { SeriesSink } from '../model/metrics.ts';
import { barSource } from '../store/metrics/layout.ts';
import { MetricsWriter } from '../store/metrics/metrics-writer.ts';
import type { TakeBarPoint } from '../trainers/trainer.ts';

/**
 * Keeps what the bar shows. A log has no times: a point's is the start of the training and the seconds that the bar had
 * stood, so that whoever reads the log again finds the same.
 */
export class BarSeriesKeeper {
  readonly #directory: string;
  readonly #startedAt: number;
  #sink: SeriesSink;
  /** What kept it from writing; nothing is written any more until it begins again. */
  failure: SpoorError | null = null;

  /** @param startedAt seconds since 1970 */
  constructor(directory: string, startedAt: number) {
    this.#directory = directory;
    this.#startedAt = startedAt;
    this.#sink = new MetricsWriter(directory, barSource);
  }

  /** For a reader that begins at the log's beginning. */
  begin(): TakeBarPoint {
    const sink = new MetricsWriter(this.#directory, barSource);
    this.#sink = sink;
    this.failure = null;
    return (tag, step, elapsed, value) =>
      this.#guarded(() => sink.add(tag, 'step', step, this.#startedAt + elapsed, Number(value)));
  }

  flush(): void {
    this.#guarded(() => this.#sink.flush());
  }

  close(): void {
    this.#guarded(() => this.#sink.close());
  }

  #guarded(write: () => void): void {
    if (this.failure !== null) return;
    try {
      write();
    } catch (error) {
      if (!(error instanceof SpoorError)) throw error;
      this.failure = error;
    }
  }
}
