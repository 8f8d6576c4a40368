/** The changelog of a family: each version with what changed since the one it came from. */
import { asciiLower } from '../catalog/query/condition.ts';
import { clean } from '../catalog/row.ts';
import type { Change } from '../diff/change.ts';
import { SpoorError } from '../model/errors.ts';
import type { ConfigValue, SettingSource } from '../model/facts.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { compareVersions } from '../model/run-name.ts';
import type { Home } from '../store/home.ts';
import { datasetFilesOf } from './compare-family.ts';
import { type DiffSide, diffRuns } from './diff-runs.ts';
import type { Tell } from './events.ts';
import { loadRun } from './load-run.ts';
import { codeOf } from './ports.ts';
import type { Recording } from './request.ts';
import { findRun, withRuns } from './runs.ts';

export interface HistoryEntry {
  run: Run;
  /** The run that it was derived from: its parent, else the version before; null of the first. */
  from: { id: RunId; name: string } | null;
  /** With their parts, but those of single images and captions. */
  changes: Change[];
  /** Runs between that one and this one that came to nothing. */
  attempts: Run[];
}

export interface History {
  family: string;
  /** In order of versions, the first first. */
  versions: HistoryEntry[];
  /** Attempts after the last version. */
  attempts: Run[];
}

/**
 * @param name of a family, or a RUN of it; null for the family of the latest run
 * Errors: `run-not-found`
 */
export async function historyOf(recording: Recording, name: string | null, tell: Tell): Promise<History> {
  const { home } = recording;
  const runs = await runsOfFamily(home, name, tell);
  const history: History = { family: runs[0]!.family, versions: [], attempts: [] };
  const compared = new Map<RunId, DiffSide>();
  const code = codeOf(home, recording.env);
  const sideOf = async (run: Run): Promise<DiffSide> => {
    const known = compared.get(run.id);
    const side = known ?? { run, manifest: await datasetFilesOf(run, home), objects: home.objects, code };
    compared.set(run.id, side);
    return side;
  };
  for (const [done, run] of runs.entries()) {
    tell({ type: 'progress', what: 'comparing', done, total: runs.length });
    if (cameToNothing(run)) {
      history.attempts.push(run);
      continue;
    }
    const parent = runs.find(({ id }) => id === run.parent);
    const from = parent ?? history.versions.at(-1)?.run ?? null;
    const changes =
      from === null ? [] : (await diffRuns(await sideOf(from), await sideOf(run))).changes.filter(isOfHistory);
    const named = from && { id: from.id, name: from.name.full };
    history.versions.push({ run, from: named, changes, attempts: history.attempts.splice(0) });
    // Of lists of thousands of files only those that are still compared with are held.
    for (const id of compared.keys())
      if (id !== run.id && !runs.some((each) => each.parent === id)) compared.delete(id);
  }
  return history;
}

/** Each image and caption by itself is for `spoor diff`. */
function isOfHistory({ area, partOf, subject }: Change): boolean {
  return area !== 'dataset' || partOf === null || subject.startsWith('caption term ');
}

/** A failure about which nobody said a word, or an interruption that left no model. */
function cameToNothing({ status, verdict, notes, artifacts }: Run): boolean {
  if (verdict !== null || notes.length > 0) return false;
  if (status === 'failed') return true;
  return (status === 'interrupted' || status === 'lost') && !artifacts.some(({ kind }) => kind === 'checkpoint');
}

async function runsOfFamily(home: Home, name: string | null, tell: Tell): Promise<Run[]> {
  const family = name === null ? null : await idsOf(home, name, tell);
  const ids = family?.length
    ? family
    : await idsOf(home, (await loadRun(home, await reference(home, name))).family, tell);
  const runs: Run[] = [];
  for (const id of ids) runs.push(await loadRun(home, id));
  return runs.sort(
    (a, b) =>
      compareVersions(a.name.version, b.name.version) ||
      (a.startedAt < b.startedAt ? -1 : Number(a.startedAt > b.startedAt)),
  );
}

async function reference(home: Home, name: string | null): Promise<RunId> {
  try {
    return await findRun(home, name ?? '@');
  } catch (error) {
    if (name === null || !(error instanceof SpoorError)) throw error;
    const hint = error.hint ?? 'spoor ls shows all runs.';
    throw new SpoorError('not-found', 'family-not-found', `no family and no run is named "${name}"`, hint);
  }
}

/** By the name itself, which may hold anything that a query reads otherwise; letters in both cases are one in a query. */
async function idsOf(home: Home, family: string, tell: Tell): Promise<RunId[]> {
  const named = clean(family);
  const value = asciiLower(named);
  const rows = await withRuns(home, tell, (catalog) =>
    catalog.list(
      { kind: 'text', column: 'family', match: 'equals', value },
      { sort: { by: 'started', descending: false } },
    ),
  );
  return rows.filter((row) => row.family === named).map(({ id }) => id);
}

export interface FollowedSetting {
  run: Run;
  /** Null where it is not set, or not known. */
  value: ConfigValue;
  /** Null where the run's record has no such setting. */
  source: SettingSource | null;
  /** Whether it is only guessed, of an imported run. */
  guessed: boolean;
}

/** One setting through all runs of a history, in its order; `network_args.conv_dim` is found in its list. */
export function followSetting({ versions, attempts }: History, key: string): FollowedSetting[] {
  const runs = [...versions.flatMap((each) => [...each.attempts, each.run]), ...attempts];
  return runs.map((run) => {
    const own = run.settings.find((each) => each.key === key);
    if (own) return { run, value: own.value, source: own.source, guessed: own.certainty === 'guessed' };
    const [list = '', name = ''] = key.split(/\.(?=[^.]*$)/);
    const inList = run.settings.find((each) => each.key === list && Array.isArray(each.value));
    const found = (inList?.value as ConfigValue[] | undefined)?.find(
      (each) => typeof each === 'string' && each.startsWith(`${name}=`),
    );
    if (inList === undefined || typeof found !== 'string') return { run, value: null, source: null, guessed: false };
    const text = found.slice(name.length + 1);
    const number = text.trim() === '' ? Number.NaN : Number(text);
    return {
      run,
      value: Number.isNaN(number) ? text : number,
      source: inList.source,
      guessed: inList.certainty === 'guessed',
    };
  });
}
