/**
 * Ranks the checkpoints of runs by what is known to tell good from bad, in this order: stars, then the
 * verdict on the run, then blind tests between the runs, then validation loss. Training loss is no such thing: it falls while a model is
 * spoilt. Where nothing tells, nothing is ranked (docs/decisions/0031).
 */
import type { MadeArtifact, Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { listSeries, readSeries } from '../metrics.ts';
import { isStarred } from './places.ts';

export type Basis = 'stars' | 'verdict' | 'blind-tests' | 'validation-loss';

export interface RankedCheckpoint {
  /** From 1; equals share a rank. */
  rank: number;
  run: { id: RunId; name: string; verdict: Run['verdict'] };
  artifact: MadeArtifact;
  starred: boolean;
  /** How much oftener the run was preferred than not, in blind tests against the others that are ranked. */
  preferred: number;
  /** Measured nearest to the checkpoint; null where none was. */
  validation: Validation | null;
}

export interface Validation {
  tag: string;
  value: number;
  /** Where it was measured, in the unit of its series: a step or an epoch. */
  at: number;
}

export interface BestCheckpoints {
  /** What the ranking rests on; empty where nothing tells the checkpoints apart. */
  basis: Basis[];
  ranked: RankedCheckpoint[];
  checkpoints: number;
}

const verdicts: readonly Run['verdict'][] = ['worked', 'mixed', null, 'failed'];

export async function bestCheckpoints(home: Home, runs: readonly Run[]): Promise<BestCheckpoints> {
  const found: Omit<RankedCheckpoint, 'rank'>[] = [];
  const measured = new Map<RunId, ValidationSeries[]>();
  for (const run of runs) {
    measured.set(run.id, await validationOf(home, run.id));
    for (const artifact of run.artifacts.filter(({ kind }) => kind === 'checkpoint')) {
      const { id, name, verdict } = run;
      const validation = nearest(measured.get(id) ?? [], artifact);
      const ofRun = { id, name: name.full, verdict };
      const preferred = preference(run, runs);
      found.push({ run: ofRun, artifact, starred: isStarred(run, artifact), preferred, validation });
    }
  }
  const differ = (values: unknown[]) => new Set(values).size > 1;
  const basis: Basis[] = [];
  if (differ(found.map(({ starred }) => starred))) basis.push('stars');
  if (differ(found.map(({ run }) => run.verdict))) basis.push('verdict');
  if (differ(found.map(({ preferred }) => preferred))) basis.push('blind-tests');
  if (comparable(runs) && differ(found.map(({ validation }) => validation?.value))) basis.push('validation-loss');
  if (basis.length === 0) return { basis, ranked: [], checkpoints: found.length };
  const byBasis = basis.map((each) => compare[each]);
  const better = (a: (typeof found)[number], b: (typeof found)[number]) =>
    byBasis.reduce((order, by) => order || by(a, b), 0);
  let rank = 0;
  const ranked = found.sort(better).map((each, index, all): RankedCheckpoint => {
    const before = all[index - 1];
    if (!before || better(before, each) !== 0) rank = index + 1;
    return { rank, ...each };
  });
  return { basis, ranked, checkpoints: found.length };
}

type Candidate = Omit<RankedCheckpoint, 'rank'>;
const compare: Record<Basis, (a: Candidate, b: Candidate) => number> = {
  stars: (a, b) => Number(b.starred) - Number(a.starred),
  verdict: (a, b) => verdicts.indexOf(a.run.verdict) - verdicts.indexOf(b.run.verdict),
  'blind-tests': (a, b) => b.preferred - a.preferred,
  'validation-loss': (a, b) => {
    if (a.validation === null || b.validation === null)
      return Number(a.validation === null) - Number(b.validation === null);
    return a.validation.value - b.validation.value;
  },
};

function preference(run: Run, runs: readonly Run[]): number {
  const others = run.blindTests.filter(({ against }) => runs.some(({ id }) => id === against));
  return others.reduce((sum, { won, lost }) => sum + won - lost, 0);
}

/** Losses on other images say nothing of each other. */
function comparable(runs: readonly Run[]): boolean {
  const datasets = runs.map(({ dataset }) => dataset?.sha256 ?? null);
  return runs.length === 1 || (datasets[0] !== null && datasets.every((each) => each === datasets[0]));
}

interface ValidationSeries {
  tag: string;
  axis: 'step' | 'epoch';
  at: Float64Array;
  values: Float64Array;
}

/** What sd-scripts measures on images that it does not train on, the running means first. */
const tags = ['loss/validation/epoch_average', 'loss/validation/step_average'] as const;

async function validationOf(home: Home, id: RunId): Promise<ValidationSeries[]> {
  const listed = await listSeries(home, id);
  const read = tags.map(async (tag) => {
    const meta = listed.find((each) => each.tag === tag && each.axis !== 'time');
    const points = meta && (await readSeries(home, id, tag));
    return points ? [{ tag, axis: meta.axis as 'step' | 'epoch', at: points.step, values: points.value }] : [];
  });
  return (await Promise.all(read)).flat();
}

/** Of the place of the checkpoint, or so near to it that no other measurement is meant. */
function nearest(series: readonly ValidationSeries[], { step, epoch }: MadeArtifact): Validation | null {
  for (const { tag, axis, at, values } of series) {
    const place = axis === 'step' ? step : epoch;
    if (place === null) continue;
    let best = -1;
    let spacing = Number.POSITIVE_INFINITY;
    for (let i = 0; i < at.length; i++) {
      if (i > 0 && at[i]! > at[i - 1]!) spacing = Math.min(spacing, at[i]! - at[i - 1]!);
      // Of several measurements at one place the last counts.
      const nearer = best < 0 || Math.abs(at[i]! - place) <= Math.abs(at[best]! - place);
      if (Number.isFinite(values[i]) && nearer) best = i;
    }
    const reach = Number.isFinite(spacing) ? spacing / 2 : 0;
    if (best >= 0 && Math.abs(at[best]! - place) <= reach) return { tag, value: values[best]!, at: at[best]! };
  }
  return null;
}
