import { dirname } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import type { Warning } from '../../model/facts.ts';
import type { SeriesSink } from '../../model/metrics.ts';
import { startPulse } from '../pulse.ts';
import { EventSource } from './event-source.ts';
import { type EventFile, findEventFiles, type Writer } from './find-event-files.ts';
import type { BarEnd } from './match-bar.ts';

export interface FollowMetricsOptions {
  writer: Writer;
  /** Paths of event files that the record names already. */
  known: readonly string[];
  /** Where the series of a source are written, from the beginning; called again for a source that is read anew. */
  openSink(source: string): SeriesSink;
  /** After the end: what the bar showed last, for where nothing else tells whose a file is. */
  barAtEnd?: () => Promise<BarEnd>;
  /** Aborted when the trainer has ended; already aborted to go once over what a crash left. */
  ended: AbortSignal;
  /** Milliseconds between two looks while there is something to read, and where the system tells of no change. */
  restMs?: number;
  everyMs?: number;
}

/** What following tells, each once it is sure. */
export type MetricsFollowed =
  /** Before anything of the file is written to the store. */
  { type: 'event-file'; path: string } | { type: 'warning'; warning: Warning };

/** Milliseconds after which a file that seems damaged, or a store that cannot be written, is tried from the beginning. */
const againMs = 30_000;

/**
 * Follows the event files of a run to its end, into the store. It holds nothing that cannot be had again from the
 * files: broken off at any point and started anew, it leaves the same bytes.
 */
export async function* followMetrics(options: FollowMetricsOptions): AsyncGenerator<MetricsFollowed> {
  const { writer, ended, restMs = 100, everyMs = 1_000 } = options;
  const followed = new Map<string, FollowedFile>();
  const directories: string[] = [];
  let findAgainAt = 0;

  async function* find(): AsyncGenerator<MetricsFollowed> {
    const began = performance.now();
    if (began < findAgainAt && !ended.aborted) return;
    const known = [...options.known, ...followed.keys()];
    const over = ended.aborted;
    const bar = over ? ((await options.barAtEnd?.()) ?? null) : null;
    const seen = { ...writer, endedAt: over ? (writer.endedAt ?? Date.now()) : null };
    for (const file of await findEventFiles(seen, known, bar)) {
      if (followed.has(file.path)) continue;
      yield* adopt(file);
    }
    // Looking through a directory of many sessions takes a hundredth of the time at most.
    const tookMs = performance.now() - began;
    findAgainAt = performance.now() + Math.max(followed.size === 0 ? 1_000 : 5_000, 100 * tookMs);
  }

  async function* adopt({ path }: EventFile): AsyncGenerator<MetricsFollowed> {
    if (!options.known.includes(path)) yield { type: 'event-file', path };
    followed.set(path, new FollowedFile(path, options.openSink));
    const directory = dirname(path);
    if (!directories.includes(directory)) directories.push(directory);
  }

  const pulse = startPulse({ directories, everyMs, until: ended });
  try {
    while (!ended.aborted) {
      yield* find();
      for (const file of followed.values()) yield* warned(await file.look());
      await pulse.next(restMs);
    }
    yield* find();
    for (const file of followed.values()) yield* warned(await file.finish());
  } finally {
    pulse.close();
  }
}

function* warned(warnings: readonly Warning[]): Generator<MetricsFollowed> {
  for (const warning of warnings) yield { type: 'warning', warning };
}

/** One event file and where its points go. */
class FollowedFile {
  readonly #path: string;
  readonly #openSink: (source: string) => SeriesSink;
  #source: EventSource;
  #sink: SeriesSink;
  #againAt = Number.POSITIVE_INFINITY;
  #failed: Warning | null = null;
  #full = false;

  constructor(path: string, openSink: (source: string) => SeriesSink) {
    this.#path = path;
    this.#openSink = openSink;
    this.#source = new EventSource(path);
    this.#sink = openSink(this.#source.name);
  }

  /** What was amiss is told at the end, or when it stopped the following. */
  async look(): Promise<Warning[]> {
    if (performance.now() >= this.#againAt) this.#begin();
    else if (this.#failed !== null) return [];
    try {
      await this.#read();
      this.#sink.flush();
      if (this.#source.isDamaged && this.#againAt === Number.POSITIVE_INFINITY)
        this.#againAt = performance.now() + againMs;
      return [];
    } catch (error) {
      if (!(error instanceof SpoorError)) throw error;
      const isNew = this.#failed === null;
      this.#failed = { code: 'metrics-not-kept', message: error.message, hint: error.hint };
      this.#againAt = performance.now() + againMs;
      return isNew ? [this.#failed] : [];
    }
  }

  async finish(): Promise<Warning[]> {
    if (this.#failed !== null || this.#source.isDamaged) this.#begin();
    const warnings = await this.look();
    try {
      this.#sink.close();
    } catch (error) {
      if (!(error instanceof SpoorError)) throw error;
      warnings.push({ code: 'metrics-not-kept', message: error.message, hint: error.hint });
    }
    if (this.#full) warnings.push(tooMany(this.#path));
    return [...warnings, ...this.#source.warnings()];
  }

  async #read(): Promise<void> {
    for (;;) {
      const found = await this.#source.poll((tag, axis, step, time, value) => {
        if (!this.#sink.add(tag, axis, step, time, value)) this.#full = true;
      });
      if (found === 'done') return;
      if (found === 'anew') this.#begin();
    }
  }

  /** From the beginning: what is stored already is compared, and only what differs is written. */
  #begin(): void {
    this.#source = new EventSource(this.#path);
    this.#sink = this.#openSink(this.#source.name);
    this.#againAt = Number.POSITIVE_INFINITY;
    this.#failed = null;
  }
}

function tooMany(path: string): Warning {
  const message = `${path} has more series than are kept`;
  return { code: 'series-too-many', message, hint: 'The first ones are kept; the file itself has them all.' };
}
