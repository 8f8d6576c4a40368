/** What a resumed training goes on from: the state that `--resume` names, and the run that wrote it. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { readTrainState } from '../follow/artifact-file.ts';
import type { Told } from '../model/facts.ts';
import { foldFacts } from '../model/fold.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { factFiles } from '../store/fact-lines.ts';
import type { Home } from '../store/home.ts';
import { readStandingRegistry } from './layout-registry.ts';

/** Runs that are looked through for who wrote a state, latest first. */
const mostRuns = 2_000;

type Resumed = Extract<Told, { type: 'resumed' }>;

/** Null for a run that begins anew. The state is read as it stands: do it before the run can write over it. */
export async function resumedFrom(home: Home, run: Run): Promise<Resumed | null> {
  const state = run.files.find(({ role }) => role === 'resume-state');
  if (state === undefined || state.kind !== 'directory') return null;
  const path = state.path.replace(/\/+$/, '');
  const told = await readTrainState(join(path, 'train_state.json'));
  return goneOnFrom(home, run.id, path, told);
}

/**
 * The same of a training of long ago, by the state that its settings name. What stands there may have been written
 * since: it counts if it is no younger than the training.
 *
 * @param startedAt milliseconds since 1970
 */
export async function importedResume(home: Home, id: RunId, state: string, startedAt: number): Promise<Resumed> {
  const path = state.replace(/\/+$/, '');
  const file = join(path, 'train_state.json');
  const found = isAbsolute(path) ? await stat(file).catch(() => null) : null;
  const isOfThen = found !== null && found.mtimeMs <= startedAt;
  return goneOnFrom(home, id, path, isOfThen ? await readTrainState(file) : { step: null, epoch: null });
}

type TrainState = Awaited<ReturnType<typeof readTrainState>>;

async function goneOnFrom(home: Home, id: RunId, path: string, told: TrainState): Promise<Resumed> {
  // The name tells the step in the count of the run that wrote it.
  const named = /-step(\d{8,15})-state$/.exec(basename(path))?.[1];
  const step = named === undefined ? told.step : Number(named);
  return { type: 'resumed', state: path, run: await writerOf(home, id, path), step, epoch: told.epoch };
}

/** The latest run before this one that made the state. */
async function writerOf(home: Home, id: RunId, path: string): Promise<RunId | null> {
  const standing = await readStandingRegistry(dirname(path));
  if (standing && standing.run < id && (await hasMade(home, standing.run, path))) return standing.run;
  const earlier = (await home.runs.list()).filter((each) => each < id).reverse();
  for (const each of earlier.slice(0, mostRuns)) if (await hasMade(home, each, path)) return each;
  return null;
}

async function hasMade(home: Home, id: RunId, path: string): Promise<boolean> {
  const folder = home.runs.path(id);
  const quoted = JSON.stringify(path);
  for (const name of factFiles(folder)) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (!text.includes(quoted)) continue;
    const { run } = foldFacts(id, (await home.runs.facts(id)).facts);
    return run.artifacts.some((artifact) => artifact.kind === 'state' && artifact.path === path);
  }
  return false;
}
