import { readdirSync, statSync } from 'node:fs';
import {
  measuredOf,
  type SeriesCursor,
  type SeriesMeta,
  type SeriesPoints,
  type SeriesRange,
} from '../../model/metrics.ts';
import { Corners, corner } from './block.ts';
import { Columns } from './columns.ts';
import { barSource, blockPoints, seriesFilePattern } from './layout.ts';
import { readRange } from './reduce.ts';
import { SeriesPart } from './series-part.ts';

/** Points that one poll hands over at most, of each file. */
const mostPolled = 100_000;

/** File systems tell times in steps of at most two seconds. */
const grainMs = 2_500;

export interface Polled {
  /** Tags of which what was handed over before counts no more: what is appended now is all of them from the beginning. */
  replaced: string[];
  /** What was appended to each series, in order; a series of several sources may come several times. */
  appended: SeriesPoints[];
  cursor: SeriesCursor;
  /** Whether there is more already. */
  more: boolean;
}

/** Reads the series of a directory, finished or growing, and never waits for who writes them. */
export class MetricsReader {
  readonly #directory: string;
  readonly #parts = new Map<string, SeriesPart>();
  #listing: { parts: SeriesPart[]; modified: number } | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Every series that has a point, by tag. */
  list(): SeriesMeta[] {
    return [...this.#byTag()].map(([, parts]) => metaOf(parts)).sort((a, b) => (a.tag < b.tag ? -1 : 1));
  }

  /** Null where there is no such series. */
  read(tag: string, range: SeriesRange = {}): SeriesPoints | null {
    const parts = counting(refreshed(this.#listed().filter(({ header }) => header.tag === tag)));
    return parts.length > 0 ? readRange(parts, range) : null;
  }

  /** What was appended since; all there is without a cursor. */
  poll(cursor: SeriesCursor = {}): Polled {
    const appended: SeriesPoints[] = [];
    const next: Record<string, number> = {};
    let more = false;
    const all = this.#all();
    const replaced = this.#replaced(all, cursor);
    for (const part of counting(all)) {
      const from = replaced.has(part.header.tag) ? 0 : (cursor[part.name] ?? 0);
      const to = Math.min(part.count, from + mostPolled);
      next[part.name] = to;
      more ||= to < part.count;
      if (to === from) continue;
      const columns = new Columns();
      part.each(from, to, (_, ...point) => columns.add(...point));
      appended.push(columns.points(part.header.tag, part.header.axis));
    }
    return { replaced: [...replaced], appended, cursor: next, more };
  }

  /** Behind all there is now: from there only what is appended from now on is polled. */
  end(): SeriesCursor {
    return Object.fromEntries(counting(this.#all()).map(({ name, count }) => [name, count]));
  }

  /** The series of one source with the numbers that their files bear. */
  ofSource(source: string): { number: number; points: SeriesPoints }[] {
    const own = this.#all().filter(({ header }) => header.source === source);
    return own.map((part) => ({ number: numberOf(part), points: readRange([part], {}) }));
  }

  #byTag(): Map<string, SeriesPart[]> {
    return Map.groupBy(counting(this.#all()), ({ header }) => header.tag);
  }

  /** Where a file was damaged and written anew, and where an event file now tells what the bar told. */
  #replaced(all: readonly SeriesPart[], cursor: SeriesCursor): Set<string> {
    const counts = new Set(counting(all));
    const lost = all.filter((part) => {
      const seen = cursor[part.name] ?? 0;
      return seen > part.count || (seen > 0 && !counts.has(part));
    });
    return new Set(lost.map(({ header }) => header.tag));
  }

  #all(): SeriesPart[] {
    return refreshed(this.#listed());
  }

  /** In the order in which their sources were begun. A directory that did not change since is not listed again. */
  #listed(): SeriesPart[] {
    const modified = statSync(this.#directory, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.#listing?.modified === modified) return this.#listing.parts;
    const names = namesIn(this.#directory);
    for (const name of names) {
      const part = this.#parts.get(name) ?? SeriesPart.open(this.#directory, name);
      if (part) this.#parts.set(name, part);
    }
    const parts = names
      .flatMap((name) => this.#parts.get(name) ?? [])
      .sort((a, b) => compare(a.header.source, b.header.source) || numberOf(a) - numberOf(b));
    // What changes within a clock's grain leaves the same time, and a file without a whole header is one later.
    const isSettled = Date.now() - modified > grainMs && parts.length === names.length;
    this.#listing = isSettled ? { parts, modified } : null;
    return parts;
  }
}

function refreshed(parts: readonly SeriesPart[]): SeriesPart[] {
  for (const part of parts) part.refresh();
  return [...parts];
}

/** Those with points; what only the bar told where nothing else tells of the tag. */
function counting(parts: readonly SeriesPart[]): SeriesPart[] {
  const standing = parts.filter(({ count }) => count > 0);
  const told = new Set(standing.flatMap(({ header }) => (header.source === barSource ? [] : header.tag)));
  return standing.filter(({ header }) => header.source !== barSource || !told.has(header.tag));
}

const numberOf = ({ name }: SeriesPart) => Number(name.split('-')[1]);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).flatMap((name) => seriesFilePattern.exec(name)?.[1] ?? []);
  } catch {
    return [];
  }
}

function metaOf(parts: readonly SeriesPart[]): SeriesMeta {
  const { tag, axis } = parts[0]!.header;
  const corners = new Corners();
  let base = 0;
  for (const part of parts) {
    const blocks = part.blocks(false);
    for (let block = 0; block < blocks.length; block++) {
      corners.addBlock(blocks.at(block), base + block * blockPoints);
    }
    part.each(blocks.length * blockPoints, part.count, (at, ...point) => corners.add(base + at, ...point));
    base += part.count;
  }
  const { points, hasFinite } = corners;
  const value = (each: number) => points[3 * each + 2]!;
  return {
    tag,
    axis,
    points: base,
    first: measuredOf(value(corner.first)),
    last: measuredOf(value(corner.last)),
    min: hasFinite ? value(corner.least) : null,
    max: hasFinite ? value(corner.greatest) : null,
    firstStep: points[3 * corner.first]!,
    lastStep: points[3 * corner.last]!,
  };
}
