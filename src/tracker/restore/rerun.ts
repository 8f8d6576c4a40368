/** Starts a run again from what was recorded of it, as a new run that knows it as its parent. */
import { mkdir, rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { relevantVariables } from '../../capture/environment/variables.ts';
import type { Change } from '../../diff/change.ts';
import { compareRuns } from '../../diff/compare.ts';
import { sameValue } from '../../diff/value.ts';
import { errorCode, SpoorError } from '../../model/errors.ts';
import { foldFacts } from '../../model/fold.ts';
import type { Repo, Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import { cannotWrite } from '../../store/cannot-write.ts';
import { stamp } from '../../store/fact-log.ts';
import type { Tell } from '../events.ts';
import { identify } from '../identify.ts';
import { loadRun } from '../load-run.ts';
import { type PreparedRun, prepareRun } from '../prepare-run.ts';
import type { Recording, RunRequest } from '../request.ts';
import { programsOf, secretsIn, variablesOf, withSecrets } from './command-file.ts';
import { freeName } from './inside.ts';
import { type Override, withOverrides } from './override.ts';
import type { Places } from './places.ts';
import { restoreRun } from './restore-run.ts';
import type { NotRestored, Restored } from './restored.ts';

export interface RerunRequest {
  run: RunId;
  /** Absolute; null for a new directory below the home. */
  into: string | null;
  overrides: readonly Override[];
  name: string | null;
  reason: string | null;
  /** The caller's environment. */
  env: Record<string, string | undefined>;
  userHome: string;
}

export interface PreparedRerun {
  parent: Run;
  restored: Restored;
  prepared: PreparedRun;
  /** What is not as it was then and can change the result; what was asked for is not among it. */
  differences: Change[];
  missing: NotRestored[];
  /** Removes what was restored, where it was put below the home. */
  discard(): Promise<void>;
}

/**
 * Restores the run and prepares to start it there, with the seed that it used.
 * Errors: those of `restoreRun`, `secret-needed`, `output-not-moved`, `setting-without-effect` and those of `withOverrides`.
 */
export async function prepareRerun(recording: Recording, request: RerunRequest, tell: Tell): Promise<PreparedRerun> {
  const parent = await loadRun(recording.home, request.run);
  const overrides = withSeed(parent, request.overrides);
  // What cannot be done is told before anything is restored.
  withOverrides(parent, parent.command, overrides);
  const secrets = secretsOf(parent, request.env);
  const into = request.into ?? (await newPlace(recording, parent.id));
  const discard = async () => {
    if (request.into === null) await rm(into, { recursive: true, force: true });
  };
  try {
    const switched = new Map(overrides.flatMap(({ key, value }) => (value === false ? [[key, value] as const] : [])));
    const { restored, places } = await restoreRun(recording, { run: parent.id, into, start: { switched } }, tell);
    const command = withSecrets(withOverrides(parent, restored.command, overrides), secrets);
    const run = await requestOf(request, parent, restored, places, command, overrides);
    const prepared = await prepareRun(run, recording);
    const now = foldFacts(prepared.id, stamp(prepared.captured.facts, recording.host, recording.now())).run;
    // Commits are described while it trains; the same one has the same description.
    const described = (repo: Repo): Repo => {
      const same = parent.repos.find(({ head }) => head === repo.head);
      return { ...repo, describe: repo.describe ?? same?.describe ?? null };
    };
    return {
      parent,
      restored,
      prepared,
      differences: unasked(effectiveChanges(parent, { ...now, repos: now.repos.map(described) }), overrides),
      missing: restored.missing.filter(isNeeded),
      discard,
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** What two runs' inputs differ in, with what the first chose by itself and the second was told. */
export function effectiveChanges(parent: Run, now: Run): Change[] {
  const chosen = new Map(
    parent.settings.flatMap((each) => (each.source.kind === 'confirmed' ? [[each.key, each]] : [])),
  );
  const changes = compareRuns({ run: parent, manifest: null }, { run: now, manifest: null });
  return changes.filter(({ area, subject, after, effective }) => {
    const setting = area === 'arguments' ? chosen.get(subject) : undefined;
    return effective && !(setting !== undefined && sameValue(setting.value, after));
  });
}

function unasked(changes: readonly Change[], overrides: readonly Override[]): Change[] {
  return changes.filter(({ kind, subject }) => {
    return kind !== 'unknown' && !overrides.some(({ key }) => subject === key || subject.startsWith(`${key}.`));
  });
}

/** Secret files are no input of a training; secrets in its configuration stop it. */
function isNeeded({ kind, path }: NotRestored): boolean {
  return kind !== 'secret' || !path.startsWith('repos/');
}

/** The seed that the trainer chose by itself the first time. */
function withSeed({ settings }: Run, overrides: readonly Override[]): Override[] {
  const seed = settings.find(({ key, source }) => key === 'seed' && source.kind === 'confirmed');
  const isGiven = overrides.some(({ key }) => key === 'seed');
  if (seed === undefined || isGiven || typeof seed.value !== 'number') return [...overrides];
  return [...overrides, { key: 'seed', value: [String(seed.value)] }];
}

function secretsOf({ command }: Run, env: RerunRequest['env']): Map<string, string> {
  const secrets = new Map<string, string>();
  for (const { variable } of secretsIn(command)) {
    const value = env[variable];
    if (!value) {
      const hint = `Give it in the environment: ${variable}=… spoor rerun …`;
      throw new SpoorError('refused', 'secret-needed', `the secret ${variable} of its command was not kept`, hint);
    }
    secrets.set(variable, value);
  }
  return secrets;
}

/** Makes `restored/<run>` below the home, with `~2` and so on where it was run again before. */
async function newPlace({ home }: Recording, id: RunId): Promise<string> {
  const above = join(home.directory, 'restored');
  try {
    await mkdir(above, { recursive: true, mode: 0o700 });
    const taken = new Set<string>();
    for (;;) {
      const place = join(above, freeName(id, taken));
      const isFree = await mkdir(place).then(
        () => true,
        (error) => {
          if (errorCode(error) === 'EEXIST') return false;
          throw error;
        },
      );
      if (isFree) return place;
    }
  } catch (error) {
    throw cannotWrite(above, error);
  }
}

async function requestOf(
  request: RerunRequest,
  parent: Run,
  restored: Restored,
  places: Places,
  command: string[],
  overrides: readonly Override[],
): Promise<RunRequest> {
  const { into, repos, files } = restored;
  const env = environmentOf(parent, places, request.env);
  const understood = { command, cwd: places.newCwd, userHome: request.userHome, name: null, outputDir: null };
  const { outputs, effective } = await identify(understood, env);
  const output = outputs.outputDir ?? (parent.outputDir === null ? null : join(into, 'output'));
  if (output !== null && parent.outputDir !== null && resolve(output) === resolve(parent.outputDir)) {
    const hint = 'Name another: --set output_dir=DIR';
    throw new SpoorError('refused', 'output-not-moved', `it would write into ${output}, as the first time`, hint);
  }
  for (const { key } of overrides) {
    const ignored = effective.settings.find((each) => each.key === key)?.ignored;
    if (ignored === undefined) continue;
    const hint = `spoor show ${parent.id} --all tells which settings act.`;
    throw new SpoorError('usage', 'setting-without-effect', `--set ${key} has no effect: ${ignored}`, hint);
  }
  const script = files.find(({ role }) => role === 'script');
  const given = parent.dataset?.roots.filter(({ kind }) => kind === 'given') ?? [];
  // The interpreter finds these where they are installed.
  const installed = new Set(
    parent.repos.flatMap(({ path, roles }) => (roles.some((role) => /^(?:lycoris|editable)$/.test(role)) ? path : [])),
  );
  return {
    ...understood,
    env,
    name: request.name ?? parent.name.full,
    outputDir: outputs.outputDir === null ? output : null,
    datasets: given.flatMap(({ path }) => places.now(path) ?? []),
    repos: repos.filter(({ from }) => !installed.has(from)).map(({ path }) => join(into, path)),
    script: script === undefined ? null : join(into, script.path),
    conda: null,
    reason: request.reason,
    tags: [],
    parent: parent.id,
    wrapped: false,
    mode: 'attached',
    clean: true,
  };
}

/** The caller's, with the variables and the interpreter of then. */
function environmentOf(parent: Run, places: Places, caller: RerunRequest['env']): RerunRequest['env'] {
  const { set, unknown } = variablesOf(parent, places);
  const env = { ...caller };
  if (parent.environment !== null) {
    for (const name of Object.keys(relevantVariables(caller))) if (!unknown.includes(name)) delete env[name];
  }
  const programs = programsOf(parent);
  if (programs !== null) env.PATH = [programs, caller.PATH].filter(Boolean).join(delimiter);
  return { ...env, ...Object.fromEntries(set) };
}
