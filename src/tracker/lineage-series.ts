/** A series with those of the runs that its run goes on from before it. */
import { foldFacts } from '../model/fold.ts';
import type { SeriesPoints, SeriesRange } from '../model/metrics.ts';
import { isRunId, type RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { joinPoints } from '../store/metrics/join-points.ts';
import { readSeries } from './metrics.ts';

/** Where one run goes on from another. */
export interface Seam {
  /** The first step of the run that goes on, as it is counted here. */
  at: number;
  run: RunId;
  from: RunId;
}

/** A longer one is a circle, or was made to be one. */
const longest = 100;

interface Section {
  run: RunId;
  points: SeriesPoints;
  /** The last step, or epoch, of it that the next run goes on from; null for the run itself. */
  until: number | null;
}

/**
 * Steps are counted on from the beginning of the first run, whatever each run counts from: a resumed training begins at 1
 * again, or with `--skip_until_initial_step` at where it skipped to. What a run did after the state that the next one
 * goes on from is no part of this line, and stays in its own series.
 *
 * @returns null where none of the runs has such a series
 */
export async function readLineage(
  home: Home,
  id: RunId,
  tag: string,
  range: SeriesRange = {},
): Promise<{ points: SeriesPoints; seams: Seam[] } | null> {
  const own = await readSeries(home, id, tag);
  if (own?.axis === 'time') return bounded(home, id, tag, range);
  const sections = await sectionsOf(home, id, tag);
  if (sections.length === 0) return null;
  if (sections.length === 1 && sections[0]!.run === id) return bounded(home, id, tag, range);
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

async function bounded(home: Home, id: RunId, tag: string, range: SeriesRange) {
  const points = await readSeries(home, id, tag, range);
  return points && { points, seams: [] };
}

interface Link {
  run: RunId;
  /** Where the next run goes on from it; null for the run itself. */
  until: { step: number | null; epoch: number | null } | null;
}

async function before(home: Home, id: RunId): Promise<Link | null> {
  const { resumed } = foldFacts(id, (await home.runs.facts(id)).facts).run;
  return resumed !== null && resumed.run !== null && isRunId(resumed.run) ? { run: resumed.run, until: resumed } : null;
}

/** The first run first. */
async function sectionsOf(home: Home, id: RunId, tag: string): Promise<Section[]> {
  const sections: Section[] = [];
  const seen = new Set<RunId>();
  let next: Link | null = { run: id, until: null };
  while (next !== null && !seen.has(next.run) && seen.size < longest) {
    const { run, until }: Link = next;
    seen.add(run);
    const points = await readSeries(home, run, tag);
    const last = until && (points?.axis === 'epoch' ? until.epoch : until.step);
    // Where the state does not tell, nobody knows where the lines meet.
    if (until !== null && last === null) break;
    if (points) sections.unshift({ run, points, until: last });
    next = await before(home, run);
  }
  return sections;
}

function upTo(points: SeriesPoints, last: number): SeriesPoints {
  const kept = Array.from(points.step.keys()).filter((i) => points.step[i]! <= last);
  const column = (all: Float64Array) => Float64Array.from(kept, (i) => all[i]!);
  return { ...points, step: column(points.step), time: column(points.time), value: column(points.value) };
}

function shift(points: SeriesPoints, offset: number): SeriesPoints {
  return offset === 0 ? points : { ...points, step: points.step.map((step) => step + offset) };
}
