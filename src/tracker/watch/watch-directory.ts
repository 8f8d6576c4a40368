/** `spoor watch-dir`: runs of trainings that have no process of their own, from what they write. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type EventDirectory, eventDirectories } from '../../follow/event-directories.ts';
import { runMarker } from '../../launch/environment.ts';
import { type OtherProcess, readProcess } from '../../launch/other-process.ts';
import { holdersOf } from '../../launch/processes.ts';
import { SpoorError } from '../../model/errors.ts';
import type { Warning } from '../../model/facts.ts';
import { makeRunId, type RunId } from '../../model/run-id.ts';
import { listActive, readActive } from '../active.ts';
import { identify } from '../identify.ts';
import { beginRecord } from '../late/attach-run.ts';
import { type PreparedRun, prepareRun } from '../prepare-run.ts';
import type { Recording, RunRequest } from '../request.ts';
import { isOver, type Traces } from './traces.ts';

export interface WatchRequest {
  /** Absolute, links resolved. */
  directory: string;
  /** Of a training whose process is not seen: milliseconds without a trace after which it is over, if it has its model. */
  idleMs: number;
  reason: string | null;
  tags: string[];
  userHome: string;
}

/** Milliseconds that a training's configuration may come after its first trace. */
const configPatience = 10_000;

/**
 * One look: records each training that goes on and has no run yet. The same training always makes the same id, so
 * that looking again, or from elsewhere, makes no second run. What was over before is left to an import.
 *
 * @param seen directories of trainings that have been dealt with; added to
 */
export async function lookForTrainings(
  request: WatchRequest,
  recording: Recording,
  seen: Set<string>,
): Promise<PreparedRun[]> {
  const found = await eventDirectories(request.directory);
  const begun: PreparedRun[] = [];
  for (const events of found.sort((a, b) => a.startedAt - b.startedAt)) {
    if (seen.has(events.directory)) continue;
    const workspace = workspaceOf(events.directory);
    const config = workspace === null ? null : await configOf(workspace, events);
    const isFresh = Date.now() - events.startedAt < configPatience;
    if (isFresh && workspace !== null && !(config !== null && (await isWhole(config)))) continue;
    seen.add(events.directory);
    const prepared = await record({ request, events, workspace, config }, recording);
    if (prepared) begun.push(prepared);
  }
  return begun;
}

interface Training {
  request: WatchRequest;
  events: EventDirectory;
  /** OneTrainer's; null where the files lie otherwise. */
  workspace: string | null;
  /** The configuration that OneTrainer saved as it began. */
  config: string | null;
}

async function record(training: Training, recording: Recording): Promise<PreparedRun | null> {
  const { request, events, workspace, config } = training;
  const key = createHash('sha256').update(events.first).digest().subarray(0, 10);
  const writer = writerOf(events.files);
  if ((await recording.home.runs.list()).includes(makeRunId(events.startedAt, key))) return null;
  if (writer && (await isRecorded(writer, recording))) return null;
  const cwd = writer?.cwd ?? (await rootOf(workspace, config)) ?? workspace ?? request.directory;
  const asked: RunRequest = {
    command: writer?.argv ?? [],
    cwd,
    env: writer?.env ?? { PATH: recording.env.PATH },
    userHome: writer?.env.HOME || request.userHome,
    name: null,
    outputDir: null,
    datasets: [],
    repos: [],
    script: null,
    conda: null,
    reason: request.reason,
    tags: request.tags,
    parent: null,
    clean: false,
    mode: 'detached',
    wrapped: false,
    found: {
      by: 'traces',
      launchedAt: new Date(events.startedAt),
      key,
      warnings: unknowns(training, writer),
      ...(config !== null && { started: { trainer: 'onetrainer', arguments: ['--config-path', config] } }),
    },
  };
  const { outputs, effective } = await identify(asked, asked.env);
  const outputDir = workspace ?? outputs.outputDir ?? request.directory;
  const destination = effective.settings.find(({ key: name }) => name === 'output_model_destination')?.value;
  const traces: Traces = {
    events: events.directory,
    startedAt: events.startedAt,
    writer: writer?.identity ?? null,
    models: config === null ? [outputDir] : typeof destination === 'string' ? [resolve(cwd, destination)] : [],
    idleMs: request.idleMs,
  };
  if (await isOver(traces, recording.now().getTime())) return null;
  const name = config === null && writer === null ? basename(events.directory) : null;
  const prepared = await prepareRun({ ...asked, outputDir, name }, recording);
  // This process's own surroundings are not those of whoever trains.
  if (writer === null) {
    prepared.captured.facts = prepared.captured.facts.filter(({ type }) => type !== 'environment');
  }
  await beginRecord(prepared, recording, { waiter: null, pty: false, watched: traces });
  return prepared;
}

/** Of `<workspace>/tensorboard/<time>`, as OneTrainer lays it out. */
function workspaceOf(events: string): string | null {
  const above = dirname(events);
  return basename(above) === 'tensorboard' ? dirname(above) : null;
}

/**
 * The configuration that was saved with this training: both are named `<prefix><local time>`, and it is the first of
 * that prefix from its event files' time on, before the next training's.
 */
async function configOf(workspace: string, { directory }: EventDirectory): Promise<string | null> {
  const own = timed(basename(directory));
  if (own === null) return null;
  const times = async (folder: string, end: string) =>
    (await readdir(join(workspace, folder)).catch(() => [])).flatMap((name) =>
      name.endsWith(end) ? (timed(name.slice(0, name.length - end.length)) ?? []) : [],
    );
  const next = (await times('tensorboard', '')).map(({ at }) => at).filter((at) => at > own.at);
  const [before] = next.sort();
  const saved = (await times('config', '.json'))
    .filter(({ prefix, at }) => prefix === own.prefix && at >= own.at && (before === undefined || at < before))
    .map(({ at }) => at)
    .sort();
  return saved[0] === undefined ? null : join(workspace, 'config', `${own.prefix}${saved[0]}.json`);
}

/** Whether it is not being written any more. */
async function isWhole(path: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

function timed(name: string): { prefix: string; at: string } | null {
  const found = /^(.*)(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)$/.exec(name);
  return found && { prefix: found[1]!, at: found[2]! };
}

/** The directory that `workspace_dir` of the configuration is relative to: the workspace's path ends in it. */
async function rootOf(workspace: string | null, config: string | null): Promise<string | null> {
  if (workspace === null || config === null) return null;
  const asked = { command: [], cwd: '/', userHome: '/', name: null, outputDir: null };
  const found = { started: { trainer: 'onetrainer', arguments: ['--config-path', config] } };
  const { effective } = await identify({ ...asked, found }, {});
  const told = effective.settings.find(({ key }) => key === 'workspace_dir')?.value;
  if (typeof told !== 'string' || told.startsWith('/')) return null;
  const end = sep + told.replace(/^\.\//, '').replace(/\/+$/, '');
  return workspace.endsWith(end) ? workspace.slice(0, -end.length) || '/' : null;
}

function writerOf(files: readonly string[]): OtherProcess | null {
  for (const pid of holdersOf(new Set(files))) {
    try {
      return readProcess(pid);
    } catch (error) {
      // Another user's, or it has ended.
      if (!(error instanceof SpoorError)) throw error;
    }
  }
  return null;
}

/** Started by `spoor run`, or attached to: it has its run. */
async function isRecorded({ identity, env }: OtherProcess, { home }: Recording): Promise<boolean> {
  if (env[runMarker]) return true;
  const markers = await Promise.all((await listActive(home)).map((id: RunId) => readActive(home, id)));
  return markers.some((each) => each?.waiter?.pid === identity.pid && each.waiter.startTicks === identity.startTicks);
}

function unknowns({ workspace, config, events }: Training, writer: OtherProcess | null): Warning[] {
  const warnings: Warning[] = [];
  if (writer === null) {
    const message = `no process was seen that writes ${events.directory}: the command, the code and the environment are unknown`;
    const hint = 'Run spoor watch-dir as the user who trains, and in the same container.';
    warnings.push({ code: 'writer-unknown', message, hint });
  }
  if (workspace !== null && config === null) {
    const message = `${join(workspace, 'config')} holds no configuration of this training: its settings are unknown`;
    warnings.push({ code: 'configuration-unknown', message, hint: null });
  }
  return warnings;
}
