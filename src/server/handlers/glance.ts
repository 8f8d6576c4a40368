import type { Glance } from '../../api/runs.ts';
import type { SeriesMeta } from '../../model/metrics.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { listSeries, readSeries } from '../../tracker/metrics.ts';
import { isShown, sampleId } from './samples.ts';

/** Of the curves that trainers draw the one that tells most. */
const losses = ['loss/average', 'loss/avr_loss', 'avr_loss', 'loss/current', 'loss', 'train_loss'];

function lossOf(series: readonly SeriesMeta[]): SeriesMeta | null {
  const bySteps = series.filter(({ axis, tag }) => axis === 'step' && !tag.startsWith('machine/'));
  const named = losses.flatMap((tag) => bySteps.find((each) => each.tag === tag) ?? []);
  return named[0] ?? bySteps.find(({ tag }) => /loss/i.test(tag)) ?? null;
}

/** Null for a run that is not there. @param here the name of this machine */
export async function glanceOf(home: Home, here: string, id: RunId, points: number): Promise<Glance | null> {
  const run = await loadRun(home, id).catch(() => null);
  if (run === null) return null;
  const meta = lossOf(await listSeries(home, id));
  const curve = meta && (await readSeries(home, id, meta.tag, { points: 2 * points }));
  const samples = run.artifacts.filter(({ kind }) => kind === 'sample');
  const last = samples.findLast((each) => isShown(run, each, here));
  return {
    loss: curve ? thinned([...curve.value].filter(Number.isFinite), points) : [],
    sample: last ? { id: sampleId(run, last), step: last.step } : null,
    samples: samples.length,
    checkpoints: run.artifacts.filter(({ kind }) => kind === 'checkpoint').length,
    notes: run.notes.length,
    stars: run.stars.length,
  };
}

/** At most so many, the first and the last among them. */
function thinned(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))] as number);
}
