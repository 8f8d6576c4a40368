/** Series of a run, as they stand: what its trainer measured, and what was measured of its machine. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { startPulse } from '../follow/pulse.ts';
import type { SeriesCursor, SeriesMeta, SeriesPoints, SeriesRange } from '../model/metrics.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { MetricsReader } from '../store/metrics/metrics-reader.ts';

/** Runs whose files are remembered. */
const mostRuns = 64;

/** Reads series of runs, one after the other: what it learned of a run's files it need not learn again while they stand. */
export class SeriesReader {
  readonly home: Home;
  /** The latest asked last. */
  readonly #readers = new Map<RunId, { stamp: string; readers: MetricsReader[] }>();

  constructor(home: Home) {
    this.home = home;
  }

  /** Every series that has a point; those of the machine have tags that begin with `machine/`. */
  list(id: RunId): SeriesMeta[] {
    return this.#of(id).flatMap((reader) => reader.list());
  }

  /** Null where the run has no such series. */
  read(id: RunId, tag: string, range: SeriesRange = {}): SeriesPoints | null {
    for (const reader of this.#of(id)) {
      const found = reader.read(tag, range);
      if (found) return found;
    }
    return null;
  }

  #of(id: RunId): MetricsReader[] {
    const stamp = directoriesOf(this.home, id).map(stampOf).join(' ');
    const known = this.#readers.get(id);
    const readers = known?.stamp === stamp ? known.readers : readersOf(this.home, id);
    this.#readers.delete(id);
    this.#readers.set(id, { stamp, readers });
    const [oldest] = this.#readers.keys();
    if (this.#readers.size > mostRuns && oldest !== undefined) this.#readers.delete(oldest);
    return readers;
  }
}

/** Differs where files came, went or were written anew. */
function stampOf(directory: string): string {
  const found = statSync(directory, { throwIfNoEntry: false });
  return found ? `${found.ino}:${found.mtimeMs}` : '';
}

/** Every series that has a point; those of the machine have tags that begin with `machine/`. */
export async function listSeries(home: Home, id: RunId): Promise<SeriesMeta[]> {
  return new SeriesReader(home).list(id);
}

/** Null where the run has no such series. */
export async function readSeries(
  home: Home,
  id: RunId,
  tag: string,
  range: SeriesRange = {},
): Promise<SeriesPoints | null> {
  return new SeriesReader(home).read(id, tag, range);
}

export interface SeriesUpdate {
  /** Tags of which what came before counts no more: what is appended now begins them anew. */
  replaced: string[];
  /** Points that were appended since the last update, of one series each, in order. */
  appended: SeriesPoints[];
  /** Behind these points: whoever was cut off goes on from here. */
  cursor: SeriesCursor;
}

/** Milliseconds between two looks while points keep coming; and where the system tells of no change. */
const restMs = 50;
const everyMs = 1_000;

/** What is appended from a cursor on (null: from the beginning), as it is written, until the signal. */
export async function* followSeries(
  home: Home,
  id: RunId,
  cursor: SeriesCursor | null,
  signal: AbortSignal,
): AsyncGenerator<SeriesUpdate, undefined> {
  const readers = readersOf(home, id);
  const directories = [home.runs.path(id), ...directoriesOf(home, id)];
  const pulse = startPulse({ directories, everyMs, until: signal });
  let at = cursor ?? {};
  try {
    while (!signal.aborted) {
      await pulse.next(restMs);
      let more = true;
      while (more && !signal.aborted) {
        const polled = readers.map((reader) => reader.poll(at));
        more = polled.some((each) => each.more);
        at = Object.assign({}, ...polled.map((each) => each.cursor));
        const appended = polled.flatMap((each) => each.appended);
        const replaced = polled.flatMap((each) => each.replaced);
        if (appended.length > 0 || replaced.length > 0) yield { replaced, appended, cursor: at };
      }
    }
  } finally {
    pulse.close();
  }
}

const directoriesOf = ({ runs }: Home, id: RunId) => [join(runs.path(id), 'metrics'), join(runs.path(id), 'machine')];

const readersOf = (home: Home, id: RunId) => directoriesOf(home, id).map((directory) => new MetricsReader(directory));
