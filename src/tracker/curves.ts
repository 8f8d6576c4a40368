/** Curves of runs to compare: one series of each, over steps, time, epochs or images. */
import { SpoorError } from '../model/errors.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { readLineage } from './lineage-series.ts';
import { listSeries } from './metrics.ts';

export type CurveAxis = 'step' | 'time' | 'epoch' | 'images';

export interface RunCurve {
  run: Run;
  tag: string;
  /** What `x` counts: steps, seconds of training since the first point, epochs, or images. */
  axis: CurveAxis;
  x: Float64Array;
  /** NaN and infinities are themselves. */
  y: Float64Array;
  /** Where on `x` a run goes on from which. */
  seams: { x: number; run: RunId; from: RunId }[];
}

/** What is drawn where nothing was asked for, the first that there is. */
const preferred = ['loss/average', 'loss/current', 'train/loss', 'loss'];

/**
 * The series that is drawn of these runs unless said.
 * Errors: `no-series` where no run has any.
 */
export async function defaultTag(home: Home, runs: readonly Run[]): Promise<string> {
  const tags = await tagsOf(home, runs);
  const first = preferred.find((tag) => tags.has(tag)) ?? [...tags].find((tag) => !tag.startsWith('machine/'));
  const tag = first ?? [...tags][0];
  if (tag !== undefined) return tag;
  const hint = 'A trainer writes them with --logging_dir, or tells them in its progress bar.';
  throw new SpoorError('not-found', 'no-series', `nothing was measured of ${namesOf(runs)}`, hint);
}

/**
 * One curve a run, with those of the runs that it goes on from before it; of a run that has no such series none.
 * Errors: `no-such-series`, naming those there are, where no run has it; `unknown-axis` where a run does not tell
 * how its steps become epochs or images.
 */
export async function curvesOf(home: Home, runs: readonly Run[], tag: string, axis: CurveAxis): Promise<RunCurve[]> {
  const curves: RunCurve[] = [];
  for (const run of runs) {
    const found = await readLineage(home, run.id, tag);
    if (found === null || found.points.total === 0) continue;
    const { points, seams } = found;
    const starts = seams.map(({ at }) => points.step.findIndex((step) => step >= at));
    const onAxis = xOf(run, tag, points, starts, axis);
    const placed = seams.map(({ run: its, from }, i) => ({ x: onAxis[starts[i]!] ?? Number.NaN, run: its, from }));
    curves.push({ run, tag, axis, x: onAxis, y: points.value, seams: placed.filter(({ x }) => Number.isFinite(x)) });
  }
  if (curves.length > 0) return curves;
  const tags = [...(await tagsOf(home, runs))];
  const hint = tags.length === 0 ? 'Nothing was measured.' : `There are: ${tags.join(', ')}`;
  throw new SpoorError('not-found', 'no-such-series', `no series "${tag}" of ${namesOf(runs)}`, hint);
}

const namesOf = (runs: readonly Run[]) => runs.map(({ name }) => name.full).join(', ');

async function tagsOf(home: Home, runs: readonly Run[]): Promise<Set<string>> {
  const listed = await Promise.all(runs.map(({ id }) => listSeries(home, id)));
  const tags = listed.flat().map(({ tag }) => tag);
  return new Set(tags.sort((a, b) => Number(a.startsWith('machine/')) - Number(b.startsWith('machine/'))));
}

type Points = NonNullable<Awaited<ReturnType<typeof readLineage>>>['points'];

function xOf(run: Run, tag: string, points: Points, starts: readonly number[], axis: CurveAxis): Float64Array {
  if (axis === 'time') return elapsed(points.time, starts);
  if (points.axis === 'time') {
    throw unknownAxis(run, tag, axis, 'it is measured by the clock', 'Use --x time.');
  }
  if (points.axis === 'epoch') {
    if (axis === 'epoch') return points.step;
    if (axis === 'step') return points.step.map((epoch) => epoch * stepsAnEpoch(run, tag, axis));
    return points.step.map((epoch) => epoch * stepsAnEpoch(run, tag, axis) * imagesAStep(run, tag));
  }
  if (axis === 'epoch') return points.step.map((step) => step / stepsAnEpoch(run, tag, axis));
  if (axis === 'images') return points.step.map((step) => step * imagesAStep(run, tag));
  return points.step;
}

/** Seconds of training: time between a run and the one that goes on from it was none. */
function elapsed(time: Float64Array, starts: readonly number[]): Float64Array {
  const first = time[0] ?? 0;
  const begins = new Set(starts);
  let pauses = 0;
  return time.map((at, i) => {
    if (i > 0 && begins.has(i)) pauses += at - time[i - 1]!;
    return at - first - pauses;
  });
}

function stepsAnEpoch(run: Run, tag: string, axis: CurveAxis): number {
  const { total = null, epochs = null } = run.progress ?? {};
  if (total && epochs) return total / epochs;
  throw unknownAxis(run, tag, axis, 'it does not tell how many epochs it has', 'Use --x step.');
}

/** Batch × gradient accumulation × processes, as the trainer used them. */
function imagesAStep(run: Run, tag: string): number {
  const number = (key: string) => {
    const value = run.settings.find((each) => each.key === key && each.ignored === undefined)?.value;
    return typeof value === 'number' && value > 0 ? value : null;
  };
  const batch = batchOf(run) ?? number('train_batch_size') ?? number('batch_size');
  if (batch === null) throw unknownAxis(run, tag, 'images', 'its batch size is not known', 'Use --x step.');
  return batch * (number('gradient_accumulation_steps') ?? 1) * (number('accelerate.num_processes') ?? 1);
}

/** What the datasets of a dataset configuration say, if they agree. */
function batchOf({ settings }: Run): number | null {
  const told = settings.filter(
    ({ key, ignored }) => /^datasets\[\d+\]\.batch_size$/.test(key) && ignored === undefined,
  );
  const values = new Set(told.map(({ value }) => value));
  const [only] = values;
  return values.size === 1 && typeof only === 'number' && only > 0 ? only : null;
}

function unknownAxis(run: Run, tag: string, axis: CurveAxis, why: string, hint: string): SpoorError {
  const message = `"${tag}" of ${run.name.full} cannot be drawn over ${axis}: ${why}`;
  return new SpoorError('usage', 'unknown-axis', message, hint);
}
