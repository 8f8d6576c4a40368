/**
 * Trainings of before Spoor, and of other machines, by what is left of them. Everything is opened for
 * reading only; what is known comes from what the trainer wrote, and what nothing tells stays unknown.
 */
import { errorText, SpoorError } from '../../model/errors.ts';
import { type RunId, runIdTime } from '../../model/run-id.ts';
import { concurrently } from '../../store/concurrently.ts';
import type { Home } from '../../store/home.ts';
import { importPreviews } from '../artefacts/import-previews.ts';
import type { Tell } from '../events.ts';
import { importedResume } from '../lineage.ts';
import type { Recording } from '../request.ts';
import { attachConfig } from './attach-config.ts';
import { attachEvents } from './attach-events.ts';
import { attachLog, attachOutput, attachRegistry, attachRepos, attachSmall } from './attach-files.ts';
import { type FoundFile, type FoundKind, findFiles } from './find-files.ts';
import { importPack } from './import-pack.ts';
import { KnownRuns, keepTraining, type Outcome } from './keep-training.ts';
import { mappedDataset } from './mapped-dataset.ts';
import { type ModelFile, readModel, type Unread } from './read-models.ts';
import { type Relocation, relocate } from './relocate.ts';
import { groupModels, type Training, TrainingIndex } from './training.ts';
import { factsOf, type ImportedTraining } from './training-facts.ts';

export interface ImportRequest {
  /** Absolute. */
  paths: readonly string[];
  map: readonly Relocation[];
  /** Nothing is written. */
  dryRun: boolean;
  /** Whether previews of samples are kept. */
  previews: boolean;
  userHome: string;
}

export interface ImportedRun {
  id: RunId;
  outcome: Outcome;
  name: string;
  /** Absolute. */
  from: string;
  how: string;
  checkpoints: number;
  startedAt: string | null;
}

export interface Imported {
  runs: ImportedRun[];
  /** Files that are damaged, each with what is amiss. */
  unread: Unread[];
  /** Models that no training of an adapter left. */
  passedOver: number;
}

const readAtOnce = 8;

/** Doing it again changes nothing but what is new. Errors: `path-not-found`, `nothing-to-import`, `cannot-write`. */
export async function importPaths(recording: Recording, request: ImportRequest, tell: Tell): Promise<Imported> {
  const { home } = recording;
  const { files, unreadable, truncated } = await findFiles(request.paths, home.directory, (done) =>
    tell({ type: 'progress', what: 'looking for trainings', done, total: null }),
  );
  const of = (...kinds: FoundKind[]) => files.filter(({ kind }) => kinds.includes(kind));
  const imported: Imported = { runs: [], unread: [], passedOver: 0 };
  for (const path of unreadable) warn(tell, 'directory-unread', `${path} cannot be read`, null);
  if (truncated)
    warn(tell, 'too-many-files', 'there are more files than are looked at', 'Import parts of it by themselves.');
  await packs(recording, of('pack'), request, imported);
  const models = await readModels(of('model'), imported, tell);
  const trainings = await gather(models, of, tell);
  const known = await KnownRuns.of(home);
  let pictures = request.previews && !request.dryRun;
  for (const [done, training] of trainings.entries()) {
    tell({ type: 'progress', what: 'importing', done, total: trainings.length });
    const facts = await factsOf(training, recording.version);
    if (request.map.length > 0 && !request.dryRun) await addDataset(recording, facts, request);
    await addResume(home, facts);
    const { outcome, id } = await keepTraining(home, known, facts, request.dryRun);
    if (pictures && training.samples.length > 0 && outcome !== 'known')
      pictures = await importPreviews(recording, id, tell);
    for (const { code, message, hint } of training.warnings) if (outcome === 'added') warn(tell, code, message, hint);
    const { directory, how } = training;
    const startedAt = training.startedAt === null ? null : new Date(training.startedAt).toISOString();
    const checkpoints = training.models.length;
    imported.runs.push({ id, outcome, name: facts.name, from: directory, how, checkpoints, startedAt });
  }
  warnOfUnusedMaps(request.map, trainings, tell);
  recording.images?.close();
  return imported;
}

/** A mistyped OLD would leave the datasets unknown without a word. */
function warnOfUnusedMaps(map: readonly Relocation[], trainings: readonly Training[], tell: Tell): void {
  const named = [...new Set(trainings.flatMap(({ config }) => config?.datasets.map(({ path }) => path) ?? []))];
  for (const each of map) {
    if (named.some((path) => relocate(path, [each]) !== null)) continue;
    const some = named.slice(0, 3).join(', ') + (named.length > 3 ? `, and ${named.length - 3} more` : '');
    const hint = named.length === 0 ? 'No configuration there names a dataset.' : `They name ${some}.`;
    warn(tell, 'map-unused', `--map ${each.from}=… fits no dataset that the configurations name`, hint);
  }
}

async function addDataset(
  recording: Recording,
  imported: ImportedTraining,
  { map, userHome }: ImportRequest,
): Promise<void> {
  const told = imported.facts.find((fact) => fact.type === 'dataset.told')?.told ?? null;
  imported.facts.push(...(await mappedDataset(recording, imported.training, told, map, userHome)));
}

/** The training that wrote the state has come before, being older. */
async function addResume(home: Home, { id, training, facts }: ImportedTraining): Promise<void> {
  const state = training.config?.settings.find(({ key, ignored }) => key === 'resume' && ignored === undefined)?.value;
  if (typeof state !== 'string' || state === '') return;
  facts.push(await importedResume(home, id, state, training.startedAt ?? runIdTime(id)));
}

async function packs(
  recording: Recording,
  files: FoundFile[],
  { dryRun }: ImportRequest,
  imported: Imported,
): Promise<void> {
  for (const { path, name, named } of files) {
    try {
      const kept = await importPack(recording, path, dryRun);
      if (kept) imported.runs.push({ ...kept, name, from: path, how: 'pack', checkpoints: 0, startedAt: null });
      else if (named) throw new SpoorError('data', 'not-a-pack', `${path} is no pack`, 'spoor pack RUN writes one.');
    } catch (error) {
      if (named || !(error instanceof SpoorError)) throw error;
      imported.unread.push({ path, why: errorText(error), damaged: true });
    }
  }
}

async function readModels(files: FoundFile[], imported: Imported, tell: Tell): Promise<ModelFile[]> {
  const models: ModelFile[] = [];
  let done = 0;
  await concurrently(files, readAtOnce, async (file) => {
    const read = await readModel(file);
    if ('identity' in read) models.push(read);
    else if (read.damaged) imported.unread.push(read);
    else imported.passedOver++;
    tell({ type: 'progress', what: 'reading headers', done: ++done, total: files.length });
  });
  return models.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The surest first: what comes later is given to what is there, or makes a training of its own. */
async function gather(models: ModelFile[], of: (...kinds: FoundKind[]) => FoundFile[], tell: Tell) {
  const index = new TrainingIndex(groupModels(models));
  for (const file of of('registry')) await attachRegistry(file, index);
  attachEvents(of('events'), index);
  for (const file of of('repos')) attachRepos(file, index);
  const logs = of('log');
  for (const [done, file] of logs.entries()) {
    tell({ type: 'progress', what: 'reading logs', done, total: logs.length });
    await attachLog(file, index);
  }
  for (const file of of('toml', 'json')) await attachConfig(file, index);
  for (const file of of('prompts', 'script')) attachSmall(file, index);
  for (const file of of('sample', 'state')) attachOutput(file, index);
  return index.all.sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.directory < b.directory ? -1 : 1));
}

function warn(tell: Tell, code: string, message: string, hint: string | null): void {
  tell({ type: 'warning', warning: { code, message, hint } });
}
