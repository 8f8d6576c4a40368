/** A series with those of the runs that its run goes on from before it. */
import { foldFacts } from '../model/fold.ts';
import type { SeriesPoints, SeriesRange } from '../model/metrics.ts';
import { isRunId, type RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { joinPoints } from '../store/metrics/join-points.ts';
import { SeriesReader } from './metrics.ts';

/** Where one run goes on from another. */
export interface Seam {
  /** The first step of the run that goes on, as it is counted here. */
  at: number;
  run: RunId;
  from: RunId;
}

/** A longer one is a circle, or was made to be one. */
const longest = 100;
const mostLinks = 1000;
/** File systems tell times in steps of at most two seconds. */
const grainMs = 2500;

interface Section {
  run: RunId;
  points: SeriesPoints;
  /** The last step, or epoch, of it that the next run goes on from; null for the run itself. */
  until: number | null;
}

interface Link {
  run: RunId;
  /** Where the next run goes on from it; null for the run itself. */
  until: { step: number | null; epoch: number | null } | null;
}

export interface LineagePoints {
  points: SeriesPoints;
  seams: Seam[];
}

/** As `SeriesReader`; of a run that goes on from no other it reads no more than that does. */
export class LineageReader {
  readonly #series: SeriesReader;
  /** By run, each as long as its record stands. */
  readonly #links = new Map<RunId, { stamp: string | null; link: Link | null }>();

  constructor(series: SeriesReader) {
    this.#series = series;
  }

  /**
   * Steps are counted on from the beginning of the first run, whatever each run counts from: a resumed training begins
   * at 1 again, or with `--skip_until_initial_step` at where it skipped to. What a run did after the state that the next
   * one goes on from is no part of this line, and stays in its own series.
   *
   * @returns null where none of the runs has such a series
   */
  async read(id: RunId, tag: string, range: SeriesRange = {}): Promise<LineagePoints | null> {
    const own = this.#series.read(id, tag, range);
    const alone = own && { points: own, seams: [] };
    if (own?.axis === 'time' || (await this.#before(id)) === null) return alone;
    const sections = await this.#sectionsOf(id, tag);
    if (sections.length === 0) return null;
    if (sections.length === 1 && sections[0]!.run === id) return alone;
    const seams: Seam[] = [];
    const shifted: SeriesPoints[] = [];
    let reached = 0;
    for (const [i, { run, points, until }] of sections.entries()) {
      // The first step of a run is the one after the state that it goes on from.
      const offset = i === 0 ? 0 : reached + 1 - (points.step[0] ?? 1);
      const before = sections[i - 1];
      if (before) seams.push({ at: reached + 1, run, from: before.run });
      shifted.push(shift(until === null ? points : upTo(points, until), offset));
      reached = (until ?? points.step.at(-1) ?? 0) + offset;
    }
    return { points: joinPoints(shifted, range), seams };
  }

  /** The first run first. */
  async #sectionsOf(id: RunId, tag: string): Promise<Section[]> {
    const sections: Section[] = [];
    const seen = new Set<RunId>();
    let next: Link | null = { run: id, until: null };
    while (next !== null && !seen.has(next.run) && seen.size < longest) {
      const { run, until }: Link = next;
      seen.add(run);
      const points = this.#series.read(run, tag);
      const last = until && (points?.axis === 'epoch' ? until.epoch : until.step);
      // Where the state does not tell, nobody knows where the lines meet.
      if (until !== null && last === null) break;
      if (points) sections.unshift({ run, points, until: last });
      next = await this.#before(run);
    }
    return sections;
  }

  async #before(id: RunId): Promise<Link | null> {
    const { runs } = this.#series.home;
    const stamp = await runs.stamp(id);
    const known = this.#links.get(id);
    if (known && known.stamp === stamp) return known.link;
    // Two facts within a grain of the clock leave one stamp: what is read just then is read again.
    const isSettled = Date.now() - Number(stamp) > grainMs;
    const { resumed } = foldFacts(id, (await runs.facts(id)).facts).run;
    const isKnown = resumed !== null && resumed.run !== null && isRunId(resumed.run);
    const link = isKnown ? { run: resumed.run as RunId, until: resumed } : null;
    if (this.#links.size >= mostLinks) this.#links.clear();
    if (isSettled) this.#links.set(id, { stamp, link });
    return link;
  }
}

export const readLineage = (home: Home, id: RunId, tag: string, range: SeriesRange = {}) =>
  new LineageReader(new SeriesReader(home)).read(id, tag, range);

function upTo(points: SeriesPoints, last: number): SeriesPoints {
  const kept = Array.from(points.step.keys()).filter((i) => points.step[i]! <= last);
  const column = (all: Float64Array) => Float64Array.from(kept, (i) => all[i]!);
  return { ...points, step: column(points.step), time: column(points.time), value: column(points.value) };
}

function shift(points: SeriesPoints, offset: number): SeriesPoints {
  return offset === 0 ? points : { ...points, step: points.step.map((step) => step + offset) };
}
