import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { descriptorWriter, shownOn } from '../../launch/descriptor.ts';
import { type Ended, exitStatusOf } from '../../launch/exit.ts';
import { dieTogether } from '../../launch/guard.ts';
import { keepLogSpace } from '../../launch/log.ts';
import { endLike } from '../../launch/replace.ts';
import type { SignalEvent } from '../../launch/signals.ts';
import { type Tail, tailLog } from '../../launch/tail.ts';
import { errorText, SpoorError } from '../../model/errors.ts';
import type { Warning } from '../../model/facts.ts';
import type { Run } from '../../model/run.ts';
import { type KeptCheckpoints, keptCheckpoints } from '../../model/settings.ts';
import { openHome } from '../../store/home.ts';
import { type Console, type LaunchedRun, launchRun } from '../../tracker/launch-run.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { type PreparedRun, prepareRun, prepareUnrecorded } from '../../tracker/prepare-run.ts';
import type { Recording, RunRequest } from '../../tracker/request.ts';
import { markStopped } from '../../tracker/stop-run.ts';
import type { Context } from '../context.ts';
import { note, warn } from '../failure.ts';
import { recordingIn } from '../home.ts';
import { startedByNohup } from '../nohup.ts';
import { rawArguments } from '../raw-arguments.ts';
import { readSettings } from '../settings.ts';
import { startRecorder } from '../start-recorder.ts';
import { stopOn } from '../stop-on.ts';
import { statusText } from '../style.ts';
import { isSet } from '../switches.ts';
import { number, shortPath, visible } from '../text.ts';
import { beginLine } from './begin-line.ts';
import { refusal } from './refusal.ts';
import { isBegun, tellLaunch } from './tell-launch.ts';

export interface RunOptions {
  name?: string;
  outputDir?: string;
  dataset?: string[];
  repo?: string[];
  script?: string;
  conda?: string;
  reason?: string;
  tag?: string[];
  stopOn?: string;
  strict?: true;
  keepCheckpoints?: string;
  clean: boolean;
  dryRun?: true;
  detach?: true;
  pty?: true;
  json?: true;
  /** Set where Spoor took the place of a trainer that someone else started (`spoor wrap`). */
  wrapped?: Wrapped;
}

interface Wrapped {
  /** What the trainer's process ignored. */
  ignored: readonly NodeJS.Signals[];
  /** Set as soon as the trainer has been started. */
  launched: boolean;
}

/** Records a training from its launch to its end. Returns the trainer's own exit status. */
export async function run(context: Context, command: string[], options: RunOptions): Promise<number> {
  const request = requestOf(context, command, options);
  if (options.dryRun) return (await import('./dry-run.ts')).dryRun(context, request, options);
  if (options.strict) await (await import('./throw-away.ts')).refuseBeforehand(context, request);
  const recording = await openRecording(context);
  const prepared = await prepare(context, request, recording);
  if (options.strict && prepared.refusals.length > 0) throw refusal(prepared.refusals);
  return startAndRecord(context, prepared, recording, options);
}

/** Starts what was prepared and attends it to its end. @returns the trainer's own exit status */
export async function startAndRecord(
  context: Context,
  prepared: PreparedRun,
  recording: Recording | null,
  options: Pick<RunOptions, 'detach' | 'wrapped'>,
): Promise<number> {
  const stop = new StopRequest(recording?.home.runs.path(prepared.id) ?? null);
  const opened = Promise.withResolvers<void>();
  let isShown = options.detach === true;
  const console: Console = {
    terminal: context.stdout.isTTY ? { columns: context.stdout.columns, rows: context.stdout.rows } : null,
    input: process.stdin,
    // Below what is said of the launch.
    show: (bytes) => {
      isShown = true;
      void opened.promise.then(() => context.stdout.write(bytes));
    },
    ignored: options.wrapped?.ignored ?? (startedByNohup(context) ? ['SIGHUP'] : []),
    ...(!options.detach && { signalled: (event) => stop.told(event) }),
  };
  const launched = await launchRun(prepared, prepared.captured.facts.length > 0 ? recording : null, console);
  if (options.wrapped) options.wrapped.launched = true;
  const untie = options.wrapped ? tieTo(launched, prepared, recording) : null;
  const recorder =
    launched.recorded && recording
      ? startRecorder(context, prepared.id, 'journal', recording.home.runs.path(prepared.id), prepared.held)
      : Promise.resolve();
  // Whoever reads the pipe of a wrapped trainer reads what that writes, and only that.
  if (!options.wrapped || context.stderr.isTTY || !launched.recorded) {
    const { logPath, pty, ended } = launched;
    const hasWritten = () => isShown || (pty === null && (logPath === null || isBegun(logPath)));
    await tellLaunch(context, prepared, launched, launched.recorded ? recording : null, { hasWritten, ended });
  }
  opened.resolve();
  if (options.detach) {
    launched.unref();
    context.stdout.write(`${prepared.id}\n`);
    return 0;
  }
  const ended = await attend(context, launched, stop, options.wrapped ? shownOn() : 1);
  const status = ended ? exitStatusOf(ended) : 1;
  if (options.wrapped) {
    untie?.();
    // Its launcher waits for the trainer, not for the record.
    if (ended) endLike(ended);
    return status;
  }
  if (launched.recorded && recording) await finished(context, recording, prepared, launched, recorder);
  return status;
}

export function requestOf(context: Context, command: string[], options: RunOptions): RunRequest {
  if (options.detach && options.pty) {
    const hint = 'A trainer in the background has no terminal; leave one of them away.';
    throw new SpoorError('usage', 'detach-and-pty', '--detach and --pty exclude each other', hint);
  }
  return {
    command,
    bytes: rawArguments(command),
    cwd: context.cwd,
    env: context.env,
    userHome: context.userHome,
    name: options.name ?? null,
    outputDir: options.outputDir ?? null,
    datasets: options.dataset ?? [],
    repos: options.repo ?? [],
    script: options.script ?? null,
    conda: options.conda ?? null,
    reason: options.reason ?? null,
    tags: options.tag ?? [],
    parent: null,
    ...(options.stopOn !== undefined && { stopOn: stopOn(options.stopOn) }),
    wrapped: options.wrapped !== undefined,
    mode: options.pty ? 'pty' : options.detach ? 'detached' : 'attached',
    clean: options.clean && !isSet(context.env.NO_CLEAN),
    ...(options.keepCheckpoints !== undefined && { keepCheckpoints: keptOf(options.keepCheckpoints) }),
  };
}

function keptOf(text: string): KeptCheckpoints {
  const found = keptCheckpoints.find((each) => each === text);
  if (found !== undefined) return found;
  const message = `--keep-checkpoints ${text} is no choice of checkpoints`;
  throw new SpoorError('usage', 'bad-keep', message, `Say ${keptCheckpoints.join(', ')}.`);
}

/** A home that cannot be opened costs the record, not the training. */
async function openRecording(context: Context): Promise<Recording | null> {
  try {
    const isNew = context.homeChoice === 'volume' && !existsSync(context.home);
    const home = await openHome(context.home, context.host, context.cache);
    if (isNew) {
      const hint =
        "This machine's own disk is wiped when it stops; spoor doctor tells more, SPOOR_HOME chooses another.";
      warn(context, `records are kept on its volume: ${context.home}`, hint);
    }
    return recordingIn(home, context, await readSettings(context.env, context.userHome));
  } catch (error) {
    const hint = error instanceof SpoorError ? error.hint : null;
    warn(context, `This training is not recorded: ${errorText(error)}`, hint);
    return null;
  }
}

/** A capture that breaks off costs the record, not the training. Errors: those of `--conda`. */
async function prepare(context: Context, request: RunRequest, recording: Recording | null): Promise<PreparedRun> {
  if (recording === null) return prepareUnrecorded(request);
  try {
    return await prepareRun(request, recording);
  } catch (error) {
    const bare = await prepareUnrecorded(request);
    const hint = error instanceof SpoorError ? error.hint : null;
    warn(context, `This training is not recorded: ${errorText(error)}`, hint);
    return bare;
  }
}

/** The launcher of a wrapped trainer knows it by this pid alone. */
function tieTo({ process }: LaunchedRun, { id }: PreparedRun, recording: Recording | null): (() => void) | null {
  const folder = recording?.home.runs.path(id) ?? '/nonexistent';
  return process && dieTogether({ runId: id, waiter: process }, folder);
}

/** Milliseconds that a reader who has stalled is waited for after the end was asked for. */
const readerPatience = 2_000;

/** Whether the end was asked for: by Ctrl-C, or a signal to Spoor. */
class StopRequest {
  readonly asked: Promise<NodeJS.Signals>;
  readonly #folder: string | null;
  readonly #ask: (signal: NodeJS.Signals) => void;

  /** @param folder the run's; null where nothing is recorded */
  constructor(folder: string | null) {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
    this.asked = promise;
    this.#ask = resolve;
    this.#folder = folder;
  }

  told({ signal }: SignalEvent): void {
    if (!stopping.has(signal)) return;
    if (this.#folder) markStopped(this.#folder, signal);
    this.#ask(signal);
  }
}

const stopping = new Set<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/** Shows what the trainer writes and passes on what is sent to Spoor, until the trainer has ended. */
async function attend(
  context: Context,
  launched: LaunchedRun,
  stop: StopRequest,
  stream: 1 | 2,
): Promise<Ended | null> {
  const { logPath, pty, signals } = launched;
  const tail = logPath !== null && pty === null ? tailLog({ path: logPath, write: descriptorWriter(stream) }) : null;
  const space = logPath === null ? null : keepLogSpace(logPath, ({ message, hint }) => warn(context, message, hint));
  const resize = () => pty?.resize(context.stdout.columns, context.stdout.rows);
  context.stdout.on('resize', resize);
  try {
    const ended = await launched.ended;
    if (tail) await shownOrAsked(tail, stop);
    return ended;
  } finally {
    context.stdout.off('resize', resize);
    await space?.stop();
    signals?.stop();
  }
}

/**
 * Shows the rest of the log, waiting for its reader as `tee` would; yet once the end was asked for, a
 * reader that has stalled (Ctrl-S, a pipe nobody reads) no longer keeps Spoor from ending.
 */
async function shownOrAsked(tail: Tail, { asked }: StopRequest): Promise<void> {
  const shown = tail.finish();
  const signal = await Promise.race([shown.then(() => null), asked]);
  if (signal === null) return;
  const stalled = await Promise.race([shown.then(() => false), delay(readerPatience, true, { ref: false })]);
  if (!stalled) return;
  // The write that hangs would keep `process.exit` from returning: Spoor ends as it was asked to.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  await shown;
}

/**
 * Milliseconds until it is said that the record is being completed, and until that is left to the
 * background. Whoever sits at a terminal wants the prompt; a script may go on with the record.
 */
const patience = { tell: 2_000, leave: 10_000, prompt: 1_000 };

/** Waits for the record to be complete, within bounds; Ctrl-C leaves it to the background at once. */
async function finished(
  context: Context,
  recording: Recording,
  prepared: PreparedRun,
  launched: LaunchedRun,
  recorder: Promise<void>,
): Promise<void> {
  const { errorStyle: style, stderr } = context;
  beginLine(context, launched.logPath);
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const slow = setTimeout(() => {
    const text = 'spoor: completing the record (hashing large files); Ctrl-C leaves that to the background';
    stderr.write(`${style.dim(text)}\n`);
  }, patience.tell);
  // Nothing else keeps this process alive: the recorder does not depend on it.
  const leave = Promise.withResolvers<boolean>();
  const bound = setTimeout(() => leave.resolve(false), stderr.isTTY ? patience.prompt : patience.leave);
  const completed = await Promise.race([recorder.then(() => true), interrupted.then(() => false), leave.promise]);
  clearTimeout(bound);
  clearTimeout(slow);
  const told = await loadRun(recording.home, prepared.id).catch(() => null);
  if (!completed) {
    const text = `spoor: the record is completed in the background; spoor show ${prepared.id} shows it`;
    stderr.write(`${style.dim(text)}\n`);
  }
  if (!told || told.endedAt === null) {
    if (completed) await tellIncomplete(context, recording, prepared);
    return;
  }
  const loss = told.progress?.loss;
  const reached =
    told.progress?.step != null
      ? `, step ${told.progress.step}${told.progress.total ? ` of ${told.progress.total}` : ''}${typeof loss === 'number' ? `, loss ${number(loss)}` : ''}`
      : '';
  stderr.write(
    `${style.dim('spoor:')} ${statusText(told.status, style)} ${style.dim(`${visible(told.name.full)}${reached}`)}\n`,
  );
  if (told.diagnosis) warn(context, told.diagnosis.message, told.diagnosis.hint);
  tellCleaned(context, told);
  const launchTold = new Set([...prepared.warnings, ...launched.warnings].map(textOf));
  for (const each of told.warnings) if (!launchTold.has(textOf(each))) warn(context, each.message, each.hint);
}

/** What became of the output directory; that it was there before the run is no news. */
function tellCleaned(context: Context, { id, cleaned }: Run): void {
  if (cleaned === null) return;
  const directory = shortPath(cleaned.directory, context.userHome);
  if (cleaned.state === 'removed') {
    note(context, `moved ${directory} to the trash: ${cleaned.reason}`, `spoor trash restore ${id} brings it back`);
  } else if (cleaned.reason.startsWith('it holds')) note(context, `kept ${directory}: ${cleaned.reason}`);
}

/** The recorder has ended before the run's end was recorded. */
async function tellIncomplete(context: Context, { home }: Recording, { id }: PreparedRun): Promise<void> {
  const space = await statfs(home.directory).catch(() => null);
  const full = space !== null && space.bavail * space.bsize < leastSpace;
  const hint = full
    ? `The disk of ${home.directory} is full: make room, then any spoor command completes it.`
    : `The next spoor command completes it; ${join(home.runs.path(id), 'recorder.err')} may say why.`;
  warn(context, 'The record of this run is not complete yet', hint);
}

/** Bytes below which a disk is as good as full. */
const leastSpace = 2 ** 20;

const textOf = (warning: Warning) => `${warning.code} ${warning.message}`;
