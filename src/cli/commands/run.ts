import { descriptorWriter } from '../../launch/descriptor.ts';
import { exitStatusOf } from '../../launch/exit.ts';
import { forwardSignals } from '../../launch/signals.ts';
import { type Tail, tailLog } from '../../launch/tail.ts';
import { errorText, SpoorError } from '../../model/errors.ts';
import type { Warning } from '../../model/facts.ts';
import { openHome } from '../../store/home.ts';
import { type Console, type LaunchedRun, launchRun } from '../../tracker/launch-run.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { type PreparedRun, prepareRun, prepareUnrecorded } from '../../tracker/prepare-run.ts';
import type { Recording, RunRequest } from '../../tracker/request.ts';
import { markStopped } from '../../tracker/stop-run.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { version } from '../package.ts';
import { startRecorder } from '../start-recorder.ts';
import { statusText } from '../style.ts';
import { number, plural, visible } from '../text.ts';
import { refusal } from './refusal.ts';

export interface RunOptions {
  name?: string;
  outputDir?: string;
  dataset?: string[];
  repo?: string[];
  script?: string;
  conda?: string;
  reason?: string;
  tag?: string[];
  strict?: true;
  clean: boolean;
  dryRun?: true;
  detach?: true;
  pty?: true;
  json?: true;
}

/** Records a training from its launch to its end. Returns the trainer's own exit status. */
export async function run(context: Context, command: string[], options: RunOptions): Promise<number> {
  const request = requestOf(context, command, options);
  if (options.dryRun) return (await import('./dry-run.ts')).dryRun(context, request, options);
  const recording = await openRecording(context);
  const prepared = recording === null ? await prepareUnrecorded(request) : await prepareRun(request, recording);
  if (options.strict && prepared.refusals.length > 0) throw refusal(prepared.refusals);
  const console: Console = {
    terminal: context.stdout.isTTY ? { columns: context.stdout.columns, rows: context.stdout.rows } : null,
    input: process.stdin,
    show: (bytes) => context.stdout.write(bytes),
    ignoreHangup: startedByNohup(context),
  };
  const launched = await launchRun(prepared, recording, console);
  const recorder =
    launched.recorded && recording
      ? startRecorder(context, prepared.id, 'journal', recording.home.runs.path(prepared.id))
      : Promise.resolve();
  tellLaunch(context, prepared, launched);
  if (options.detach) {
    launched.unref();
    context.stdout.write(`${prepared.id}\n`);
    return 0;
  }
  const status = await attend(context, recording, prepared, launched, console);
  await finished(context, recording, prepared, launched, recorder);
  return status;
}

function requestOf(context: Context, command: string[], options: RunOptions): RunRequest {
  if (options.detach && options.pty) {
    const hint = 'A trainer in the background has no terminal; leave one of them away.';
    throw new SpoorError('usage', 'detach-and-pty', '--detach and --pty exclude each other', hint);
  }
  return {
    command,
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
    mode: options.pty ? 'pty' : options.detach ? 'detached' : 'attached',
  };
}

/** A home that cannot be opened costs the record, not the training. */
async function openRecording(context: Context): Promise<Recording | null> {
  try {
    const home = await openHome(context.home, context.host);
    return { home, host: context.host, env: context.env, now: context.now, version };
  } catch (error) {
    const hint = error instanceof SpoorError ? error.hint : null;
    warn(context, `This training is not recorded: ${errorText(error)}`, hint);
    return null;
  }
}

/** bash and zsh name the program in `_`; Node has undone the ignored hang-up by the time it runs. */
function startedByNohup({ env }: Context): boolean {
  return /(^|\/)nohup$/.test(env._ ?? '');
}

function tellLaunch(context: Context, prepared: PreparedRun, launched: LaunchedRun): void {
  const { stderr, errorStyle: style } = context;
  for (const { message, hint } of [...prepared.warnings, ...launched.warnings]) warn(context, message, hint);
  if (!launched.recorded) return;
  const what = [plural(prepared.repositories, 'repository', 'repositories')];
  if (prepared.images > 0) what.push(plural(prepared.images, 'image'));
  const text = `recording ${visible(prepared.name)} as ${prepared.id} (${what.join(', ')})`;
  stderr.write(`${style.dim(`spoor: ${text}`)}\n`);
}

/** Shows what the trainer writes and passes on what is sent to Spoor, until the trainer has ended. */
async function attend(
  context: Context,
  recording: Recording | null,
  prepared: PreparedRun,
  launched: LaunchedRun,
  console: Console,
): Promise<number> {
  const folder = launched.recorded && recording ? recording.home.runs.path(prepared.id) : null;
  const tail: Tail | null =
    launched.logPath !== null && launched.pty === null
      ? tailLog({ path: launched.logPath, write: descriptorWriter(1) })
      : null;
  const signals = launched.process
    ? forwardSignals(
        { runId: prepared.id, waiter: launched.process },
        {
          hangup: !console.ignoreHangup,
          told: ({ signal }) => {
            if (folder && stopping.has(signal)) markStopped(folder, signal);
          },
        },
      )
    : null;
  const resize = () => launched.pty?.resize(context.stdout.columns, context.stdout.rows);
  context.stdout.on('resize', resize);
  try {
    const ended = await launched.ended;
    await tail?.finish();
    return ended ? exitStatusOf(ended) : 1;
  } finally {
    context.stdout.off('resize', resize);
    signals?.stop();
  }
}

const stopping = new Set<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/** Waits for the record to be complete, telling so when it takes long; Ctrl-C leaves it to the background. */
async function finished(
  context: Context,
  recording: Recording | null,
  prepared: PreparedRun,
  launched: LaunchedRun,
  recorder: Promise<void>,
): Promise<void> {
  if (!recording || !launched.recorded) return;
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const slow = setTimeout(() => {
    const text = 'spoor: completing the record (hashing large files); Ctrl-C leaves that to the background';
    context.stderr.write(`${context.errorStyle.dim(text)}\n`);
  }, 2_000);
  await Promise.race([recorder, interrupted]);
  clearTimeout(slow);
  const told = await loadRun(recording.home, prepared.id).catch(() => null);
  if (!told || told.endedAt === null) return;
  const { errorStyle: style, stderr } = context;
  const loss = told.progress?.loss;
  const reached =
    told.progress?.step != null
      ? `, step ${told.progress.step}${told.progress.total ? ` of ${told.progress.total}` : ''}${typeof loss === 'number' ? `, loss ${number(loss)}` : ''}`
      : '';
  stderr.write(
    `${style.dim('spoor:')} ${statusText(told.status, style)} ${style.dim(`${visible(told.name.full)}${reached}`)}\n`,
  );
  if (told.diagnosis) warn(context, told.diagnosis.message, told.diagnosis.hint);
  const launchTold = new Set([...prepared.warnings, ...launched.warnings].map(textOf));
  for (const each of told.warnings) if (!launchTold.has(textOf(each))) warn(context, each.message, each.hint);
}

const textOf = (warning: Warning) => `${warning.code} ${warning.message}`;
