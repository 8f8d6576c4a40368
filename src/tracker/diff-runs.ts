/** Two runs, or a run and what it would be if it were started now, compared in every area. */
import { hash } from 'node:crypto';
import type { Area, Change } from '../diff/change.ts';
import { compareClosely } from '../diff/compare.ts';
import { hiddenDetail } from '../diff/settings.ts';
import { foldFacts } from '../model/fold.ts';
import type { RunId } from '../model/run-id.ts';
import type { CodeRepositories } from '../store/code-repositories.ts';
import { stamp } from '../store/fact-log.ts';
import { datasetFilesOf, plannedFiles } from './compare-family.ts';
import { askGit, codePatch } from './diff-code.ts';
import { closely, type Side } from './diff-evidence.ts';
import { textPatch } from './diff-texts.ts';
import { loadRun } from './load-run.ts';
import { codeOf } from './ports.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Recording } from './request.ts';

export interface DiffSide extends Side {
  code: CodeRepositories;
}

export interface RunsDiff {
  changes: Change[];
  /** Code first, then the recorded texts. @param isWanted areas that are shown */
  patch(isWanted: (area: Area) => boolean): Promise<Uint8Array>;
}

/** A recorded run with its dataset's files. Errors: `run-not-found`. */
export async function recordedSide({ home, env }: Recording, id: RunId): Promise<DiffSide> {
  const run = await loadRun(home, id);
  const manifest = await datasetFilesOf(run, home);
  return { run, manifest, objects: home.objects, code: codeOf(home, env) };
}

/** A run that is prepared and not started; its code stands in the home that it was prepared for. */
export async function plannedSide(prepared: PreparedRun, { home, host, env, now }: Recording): Promise<DiffSide> {
  const { run } = foldFacts(prepared.id, stamp(prepared.captured.facts, host, now()));
  const manifest = await plannedFiles(prepared, home);
  const { blobs } = prepared.captured;
  const captured = new Map(blobs.map((blob) => [hash('sha256', blob, 'hex'), blob]));
  const objects: Side['objects'] = {
    get: async (name) => captured.get(name) ?? home.objects.get(name),
    stream: (name) => home.objects.stream(name),
  };
  return { run, manifest, objects, code: codeOf(home, env) };
}

export async function diffRuns(a: DiffSide, b: DiffSide): Promise<RunsDiff> {
  const [[before, after], ask] = await Promise.all([closely(a, b), askGit(a, b)]);
  const changes = compareClosely(before, a.run.id === b.run.id ? before : after, ask);
  return {
    changes,
    patch: async (isWanted) => {
      const code = isWanted('code') ? await codePatch(a, b) : Buffer.alloc(0);
      return Buffer.concat([code, await textPatch(a, b, changes, isWanted, b.code)]);
    },
  };
}

/** What the changes of several runs from the first tell of each subject: a row of a table. */
export interface DiffRow {
  area: Area;
  subject: string;
  effective: boolean;
  /** One a run; null where it is not set or not known. */
  values: Change['before'][];
}

/** Subjects that differ between any two of the runs, the most important first. */
export async function tabulateRuns(sides: readonly DiffSide[]): Promise<DiffRow[]> {
  const rows = new Map<string, DiffRow>();
  const [first, ...others] = sides;
  if (first === undefined) return [];
  const weights = new Map<string, number>();
  for (const [at, other] of others.entries()) {
    const { changes } = await diffRuns(first, other);
    const whole = changes.filter((each) => each.partOf === null && !isHiddenValue(each));
    for (const [weight, change] of whole.entries()) {
      const key = `${change.area} ${change.subject}`;
      const { fill, value } = cellsOf(change);
      const { area, subject } = change;
      const row = rows.get(key) ?? { area, subject, effective: false, values: sides.map(() => fill) };
      row.effective ||= change.effective;
      row.values[0] ??= fill;
      const told = row.values[at + 1];
      row.values[at + 1] = typeof told === 'string' && fill === null && told !== value ? `${told}, ${value}` : value;
      rows.set(key, row);
      weights.set(key, Math.min(weight, weights.get(key) ?? weight));
    }
  }
  const order = (row: DiffRow) => (row.effective ? 0 : 1e6) + (weights.get(`${row.area} ${row.subject}`) ?? 0);
  return [...rows.values()].sort((x, y) => order(x) - order(y));
}

/** A value that another one hides is none of the run's. */
function isHiddenValue({ area, effective, detail }: Change): boolean {
  return area === 'arguments' && !effective && detail?.startsWith(hiddenDetail) === true;
}

/** What stands in the column of the first run, and in that of the other. */
function cellsOf({ area, subject, kind, before, after, detail }: Change): Record<'fill' | 'value', Change['before']> {
  // Of files their number says nothing without what became of them.
  if (area === 'dataset' && typeof (after ?? before) === 'number' && !/^repeats of /.test(subject)) {
    return { fill: null, value: `${after ?? before} ${kind}` };
  }
  // Written elsewhere, it is the same value.
  if (area === 'arguments' && kind === 'renamed') return { fill: before, value: after };
  if (JSON.stringify(before) === JSON.stringify(after)) return { fill: null, value: detail ?? kind };
  return { fill: before, value: after ?? (kind === 'unknown' ? 'unknown' : null) };
}
