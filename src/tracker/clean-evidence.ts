/** Gathers what the rule of cleaning asks of the world. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../launch/identity.ts';
import { trainerProcesses } from '../launch/tree.ts';
import type { PlacedEntry } from '../model/facts.ts';
import type { RecordedRun } from '../model/run.ts';
import { trainerById } from '../trainers/registry.ts';
import type { Leftover } from './clean-rule.ts';
import { mountPoints, readTree } from './clean-tree.ts';
import type { RunOutputs } from './clean-users.ts';
import type { Recording } from './request.ts';
import { readSetUp } from './set-up.ts';

export interface CleaningPlace {
  /** Where the caller stands, which must not be taken from under it. */
  cwd: string;
  outputs: RunOutputs;
}

/** What speaks for and against removing a run's output directory. Errors: ENOENT if it is not there. */
export async function leftoverOf(recording: Recording, recorded: RecordedRun, place: CleaningPlace): Promise<Leftover> {
  const { home, host } = recording;
  const { run, outputs } = recorded;
  const directory = resolve(run.outputDir ?? '/');
  const real = await realpath(directory);
  const { users, placed } = await place.outputs.usersOf(real, run.id);
  const setUp = await readSetUp(home, directory);
  const names = placedNames([
    [run.id, recorded.placed],
    ...placed,
    [run.id, new Map(Object.entries(setUp?.files ?? {}))],
  ]);
  return {
    directory: await parentsResolved(directory),
    real,
    created: !recorded.outputDirExisted,
    status: run.status,
    alive: await goesOn(recording, recorded),
    restored: run.cleaned?.state === 'restored',
    otherHost: run.host === host ? null : run.host,
    users,
    mountPoints: await mountPoints(),
    guarded: await guardedBy(recording, recorded, place.cwd),
    placed: names,
    trainer: trainerById(run.trainer),
    plan: outputs?.plan ?? nothingPlanned(directory),
    startedMs: Date.parse(run.startedAt),
    tree: await readTree(real, names),
  };
}

/** The same path without links in what is above it. */
export async function parentsResolved(directory: string): Promise<string> {
  return join(await realpath(dirname(directory)), basename(directory));
}

/** The plan of whoever has none. */
export function nothingPlanned(outputDir: string): Leftover['plan'] {
  return { outputDir, outputName: null, loggingDir: null, logPrefix: null, suggestedName: null, mustBeEmpty: false };
}

/** What is Spoor's by name: under the plain ones, and where a later run has moved them aside. */
function placedNames(runs: readonly (readonly [run: string, placed: ReadonlyMap<string, PlacedEntry>])[]) {
  const names = new Map<string, PlacedEntry[]>();
  for (const [run, placed] of runs) {
    for (const [name, entry] of placed) {
      for (const each of [name, `${name}.${run}`]) names.set(each, [...(names.get(each) ?? []), entry]);
    }
  }
  return names;
}

/** Milliseconds in which whoever has just ended is gone. */
const endingMs = 2_000;

/** Whether a process of the run lives on: a launcher that is ended may leave its trainer behind. */
async function goesOn({ home }: Recording, { run, waiter, mode }: RecordedRun): Promise<boolean> {
  if (waiter === null) return false;
  const logPath = join(home.runs.path(run.id), 'log');
  const alive = () =>
    trainerProcesses({ runId: run.id, waiter, pty: mode === 'pty' }).length > 0 ||
    isAlive(waiter, { logPath }) === 'alive';
  for (const deadline = performance.now() + endingMs; alive(); await delay(20)) {
    if (performance.now() > deadline) return true;
  }
  return false;
}

async function guardedBy({ home, env }: Recording, { run }: RecordedRun, cwd: string): Promise<Leftover['guarded']> {
  const { environment } = run;
  const guarded: { path: string | null | undefined; what: string; within?: true }[] = [
    { path: env.HOME, what: 'the home directory' },
    { path: home.directory, what: "Spoor's home" },
    { path: cwd, what: 'the current directory' },
    { path: run.cwd, what: 'the directory that the run was started in' },
    ...(run.dataset?.roots ?? []).map(({ path }) => ({ path, what: 'a dataset', within: true as const })),
    ...run.repos.map(({ path }) => ({ path, what: 'a repository of the run' })),
    ...run.files.filter(isThere).map(({ path }) => ({ path, what: 'a file that the run read' })),
    { path: environment?.prefix, what: 'the Python environment' },
    { path: environment?.executable && dirname(environment.executable), what: 'the Python environment' },
  ];
  const resolved = await Promise.all(
    guarded.map(async ({ path, ...rest }) => {
      if (!path?.startsWith('/')) return [];
      const paths = new Set([resolve(path), await realpath(path).catch(() => resolve(path))]);
      return [...paths].map((each) => ({ path: each, ...rest }));
    }),
  );
  return resolved.flat();
}

const isThere = ({ kind }: { kind: string }) => kind === 'file' || kind === 'directory';
