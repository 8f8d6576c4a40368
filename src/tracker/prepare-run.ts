/**
 * What is read before the trainer starts: all that could change under our feet. What is large or slow
 * is only noted, for the recorder to finish while the trainer runs.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { activateConda } from '../capture/conda/activate.ts';
import { listOutputs, type OutputListing } from '../follow/outputs.ts';
import type { LateCapture, Told, Warning } from '../model/facts.ts';
import type { Captured } from '../model/later.ts';
import { makeRunId, type RunId } from '../model/run-id.ts';
import { parseRunName } from '../model/run-name.ts';
import { redactArguments, redactValue } from '../model/secrets.ts';
import type { StopReason } from '../model/settings.ts';
import type { Home } from '../store/home.ts';
import { captureInputs, type Inputs } from './capture-inputs.ts';
import { type CheckedInputs, checkInputs, warningsOf } from './check-inputs.ts';
import { type Identified, identify } from './identify.ts';
import { changedSince } from './late/changed-since.ts';
import { type Found, lateWarnings } from './late/late-capture.ts';
import { codeOf } from './ports.ts';
import type { Recording, RunRequest } from './request.ts';
import { readSetUp } from './set-up.ts';
import { strictReasons } from './strict.ts';

export interface PreparedRun {
  id: RunId;
  name: string;
  argv: string[];
  /** As in the request. */
  bytes: ReadonlyMap<number, Uint8Array>;
  cwd: string;
  /** Of a training that runs already: since when. */
  launchedAt?: string;
  /** The trainer's environment, that of `--conda` if one was asked for. */
  env: Record<string, string | undefined>;
  mode: RunRequest['mode'];
  wrapped: boolean;
  stopOn?: StopReason[];
  captured: Captured<Told>;
  warnings: Warning[];
  /** Null where nothing can be recorded. */
  checked: CheckedInputs | null;
  /** Why `--strict` would refuse. */
  refusals: string[];
  repositories: number;
  images: number;
  /** Open files that are hashed later, for the recorder to inherit. */
  held: number[];
  milliseconds: number;
}

/** Errors: a `--conda` environment that does not exist. Whatever else is found is told as a warning. */
export async function prepareRun(request: RunRequest, recording: Recording): Promise<PreparedRun> {
  const began = performance.now();
  const { found } = request;
  const id = makeRunId((found?.launchedAt ?? recording.now()).getTime(), found?.key ?? randomBytes(10));
  const late = found ? recording.now().getTime() - found.launchedAt.getTime() : null;
  const env = await environmentOf(request);
  const identified = await identify(request, env);
  const [inputs, listing, existed] = await Promise.all([
    captureInputs(request, identified, env, id, recording),
    // What stands there now may be the training's own, where that has begun.
    found ? unknownOutputs : listOutputs(identified.outputs, identified.trainer),
    found ? true : stoodBefore(identified.outputs.outputDir, recording.home),
  ]);
  const before = Buffer.from(JSON.stringify(listing));
  const warnings = [
    ...undecodable(request),
    ...(recording.problems ?? []),
    ...identified.warnings,
    ...identified.effective.warnings,
    ...inputs.warnings,
  ];
  const checked = await checkInputs(identified, inputs, listing, warnings);
  warnings.push(...warningsOf(checked.findings));
  const lateness = found && (await latenessOf(found, late ?? 0, identified, inputs, recording));
  if (lateness) warnings.push(...found.warnings, ...lateWarnings(lateness));
  const facts: Told[] = [
    { ...created(request, identified, id, existed, recording), ...(lateness && { late: lateness }) },
    argumentsOf(identified),
    {
      type: 'outputs',
      plan: identified.outputs,
      before: found ? null : createHash('sha256').update(before).digest('hex'),
    },
    ...inputs.captured.facts,
    ...warnings.map((warning): Told => ({ type: 'warning', warning })),
  ];
  const models = await modelsIn(identified.outputs.outputDir);
  return {
    id,
    name: identified.name,
    argv: request.command,
    bytes: request.bytes ?? new Map(),
    cwd: request.cwd,
    env,
    ...(found && { launchedAt: found.launchedAt.toISOString() }),
    mode: request.mode,
    wrapped: request.wrapped,
    ...(request.stopOn && { stopOn: request.stopOn }),
    captured: { facts, blobs: [...(found ? [] : [before]), ...inputs.captured.blobs], later: inputs.captured.later },
    warnings,
    checked,
    refusals: strictReasons(inputs.repositories, inputs.files, identified.outputs.outputDir, models),
    repositories: inputs.repositories.length,
    images: inputs.images,
    held: inputs.held,
    milliseconds: Math.round(performance.now() - began),
  };
}

/** Words that are no UTF-8 reach the trainer as they are, but a record is text. */
function undecodable({ bytes, mode }: RunRequest): Warning[] {
  if (!bytes?.size) return [];
  const message = `${bytes.size === 1 ? 'an argument is' : `${bytes.size} arguments are`} no UTF-8: the record has \ufffd in place of some bytes`;
  const reached = mode === 'pty' ? 'With --pty the trainer gets that text, too.' : 'The trainer gets them as they are.';
  return [{ code: 'arguments-not-text', message, hint: reached }];
}

const unknownOutputs: OutputListing = { directory: 'unreadable', truncated: false, outputs: {} };

async function latenessOf(
  { by, launchedAt }: Found,
  milliseconds: number,
  { outputs }: Identified,
  { captured }: Inputs,
  { home, env }: Recording,
): Promise<LateCapture> {
  const changed = await changedSince(launchedAt, captured, outputs, codeOf(home, env));
  return { by, launchedAt: launchedAt.toISOString(), milliseconds: Math.max(0, milliseconds), ...changed };
}

/** Where nothing can be recorded: what it takes to start the trainer all the same. */
export async function prepareUnrecorded(request: RunRequest): Promise<PreparedRun> {
  return {
    id: makeRunId(0, randomBytes(10)),
    name: '',
    argv: request.command,
    bytes: request.bytes ?? new Map(),
    cwd: request.cwd,
    env: await environmentOf(request),
    mode: request.mode,
    wrapped: request.wrapped,
    captured: { facts: [], blobs: [], later: [] },
    warnings: [],
    checked: null,
    refusals: ['nothing can be recorded'],
    repositories: 0,
    images: 0,
    held: [],
    milliseconds: 0,
  };
}

async function environmentOf({ conda, env, cwd, userHome }: RunRequest): Promise<PreparedRun['env']> {
  return conda === null ? env : (await activateConda(conda, { env, cwd, home: userHome })).env;
}

function created(
  request: RunRequest,
  { name, outputs, trainer }: Identified,
  id: RunId,
  outputDirExisted: boolean,
  recording: Recording,
): Told {
  const { argv, redacted } = redactArguments(request.command);
  const original = createHash('sha256').update(request.command.map((each) => `${each}\0`).join(''));
  return {
    type: 'run.created',
    id,
    name: parseRunName(name),
    command: argv,
    commandSha256: redacted.length > 0 ? original.digest('hex') : null,
    cwd: request.cwd,
    outputDir: outputs.outputDir,
    outputDirExisted,
    trainer: trainer.id,
    reason: request.reason,
    tags: request.tags,
    parent: request.parent,
    spoor: recording.version,
    mode: request.mode,
    clean: request.clean,
    keep: {
      checkpoints: request.keepCheckpoints ?? recording.settings.keep.checkpoints,
      samplesBudget: recording.settings.keep.samplesBudget,
    },
  };
}

function argumentsOf({ trainer, invocation, effective, script }: Identified): Told {
  return {
    type: 'arguments',
    trainer: trainer.id,
    script,
    wrappers: invocation.wrappers.map((each) => ({ ...each, arguments: redactArguments(each.arguments).argv })),
    settings: effective.settings.map((each) => ({
      ...each,
      value: redactValue(each.key, each.value),
      // What the trainer ignores cannot change the result.
      effective: each.effective && each.ignored === undefined,
      ...(each.shadowed && {
        shadowed: each.shadowed.map((other) => ({ ...other, value: redactValue(each.key, other.value) })),
      }),
    })),
  };
}

/** Names of whatever models a directory holds, whoever made them. */
async function modelsIn(directory: string | null): Promise<string[]> {
  const names = directory === null ? [] : await readdir(directory).catch(() => []);
  return names.filter((name) => /\.(safetensors|ckpt|pt|pth)$/i.test(name)).sort();
}

/** Whether the output directory is older than this run and its preparation. */
async function stoodBefore(path: string | null, home: Home): Promise<boolean> {
  if (path === null || (await readSetUp(home, path))) return false;
  return stat(path).then(
    () => true,
    () => false,
  );
}
