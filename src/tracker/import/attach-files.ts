/** Logs, `spoor.json`, `repos.git`, prompts, scripts, samples and states find the training they lie with. */
import { readLogState } from '../../follow/log.ts';
import { sdScripts } from '../../trainers/sd-scripts/sd-scripts.ts';
import type { LogState } from '../../trainers/trainer.ts';
import { logName } from '../layout-names.ts';
import { readStandingRegistry } from '../layout-registry.ts';
import type { FoundFile } from './find-files.ts';
import { emptyTraining, nearestTo, type Training, type TrainingIndex } from './training.ts';

const clockSlackMs = 60_000;
/** A longer log is not read for an import. */
const longestLog = 1 << 30;

/** `spoor.json` belongs to the session that began next after it was written. */
export async function attachRegistry({ directory }: FoundFile, index: TrainingIndex): Promise<void> {
  const registry = await readStandingRegistry(directory);
  if (registry === null) return;
  const written = Date.parse(registry.startedAt);
  const begun = index
    .at(directory)
    .filter(({ startedAt }) => startedAt === null || startedAt >= written - clockSlackMs)
    .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0))[0];
  const owner = begun ?? { ...emptyTraining('spoor-json', directory) };
  owner.how = 'spoor-json';
  owner.registry = registry;
  owner.startedAt ??= Number.isNaN(written) ? null : written;
  if (!begun) index.add(owner);
}

/** Of a directory that the guide's functions laid out. */
export function attachRepos(file: FoundFile, index: TrainingIndex): void {
  const here = index.at(file.directory);
  const owner =
    here.find(({ registry }) => registry !== null) ?? here[0] ?? emptyTraining('configuration', file.directory);
  if (here.length === 0) index.add(owner);
  if (here.length <= 1 || owner.registry !== null) owner.repos = file;
}

/** A log that tells of a training; one that no training is near to makes one. */
export async function attachLog(file: FoundFile, index: TrainingIndex): Promise<void> {
  if (file.bytes > longestLog || file.bytes === 0) return;
  const state = await readLogState(file.path, sdScripts.logReader());
  if (!tellsOfTraining(file, state)) return;
  const near = nearestTo(file.directory, index).filter(
    ({ log, startedAt }) => log === null && (startedAt === null || file.modified >= startedAt - clockSlackMs),
  );
  const saved = new Set(state.saved.map((path) => path.split(/[\\/]/).at(-1)));
  const owner =
    near.find(({ models }) => models.some(({ name }) => saved.has(name))) ??
    (near.length === 1 ? near[0] : near.find(({ models }) => models.length === 0));
  if (owner) owner.log = { ...file, state };
  else index.add({ ...emptyTraining('log', file.directory), log: { ...file, state } });
}

function tellsOfTraining({ name }: FoundFile, { anchors, progress, saved, tail }: LogState): boolean {
  const began = anchors.trainingStarted || progress.step !== null || saved.length > 0;
  return began || name === logName || tail.some((line) => /train_network|accelerate|sd-scripts/.test(line));
}

export function attachSmall(file: FoundFile, index: TrainingIndex): void {
  const near = file.kind === 'prompts' ? nearestTo(file.directory, index) : index.at(file.directory);
  if (file.kind === 'prompts') for (const each of near) each.prompts ??= file;
  // Beside models of several trainings a script may be anyone's.
  else if (near.length === 1 && (near[0]!.repos || near[0]!.registry)) near[0]!.script ??= file;
}

/** By the name that the trainer gives, which begins with the output's. */
export function attachOutput(file: FoundFile, index: TrainingIndex): void {
  const directory = file.kind === 'sample' ? file.directory.replace(/\/sample$/, '') : file.directory;
  const named = index
    .at(directory)
    .filter((each) =>
      namesOf(each).some((name) => file.name.startsWith(`${name}_`) || file.name.startsWith(`${name}-`)),
    );
  const owner = named.length > 1 ? byTime(file, named) : named[0];
  if (owner) (file.kind === 'sample' ? owner.samples : owner.states).push(file);
}

function namesOf({ models, config }: Training): string[] {
  const configured = config?.plan?.outputName;
  return [...models.map(({ outputName }) => outputName), ...(configured ? [configured] : [])];
}

/** Of several trainings of one name the last that had begun. */
function byTime(file: FoundFile, trainings: readonly Training[]): Training | undefined {
  const [, year, month, day, hour, minute, second] =
    /_(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:_-?\d+)?\.png$/.exec(file.name)?.map(Number) ?? [];
  // The trainer's local time, taken for this machine's.
  const at = year === undefined ? file.modified : new Date(year, month! - 1, day, hour, minute, second).getTime();
  return trainings
    .filter(({ startedAt }) => (startedAt ?? 0) <= at)
    .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0))[0];
}
