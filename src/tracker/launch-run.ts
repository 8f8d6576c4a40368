import { join } from 'node:path';
import { loggingEnvironment, type Terminal } from '../launch/environment.ts';
import type { Ended } from '../launch/exit.ts';
import { processIdentity } from '../launch/identity.ts';
import { type LogTarget, openLog } from '../launch/log.ts';
import { startInPty } from '../launch/pty.ts';
import { type ForwardedSignals, forwardSignals, type SignalEvent } from '../launch/signals.ts';
import { startTrainer } from '../launch/start.ts';
import { errorText, SpoorError } from '../model/errors.ts';
import type { ProcessIdentity, Warning } from '../model/facts.ts';
import { writeStaged } from '../store/staging.ts';
import { clearActive, markActive } from './active.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Recording } from './request.ts';

/** The terminal that the trainer would have had. */
export interface Console {
  /** Null where the output is no terminal. */
  terminal: (Terminal & { rows: number }) | null;
  input: NodeJS.ReadStream;
  show(bytes: Uint8Array): void;
  /** What the trainer ignores from its start on: SIGHUP under `nohup`. */
  ignored: readonly NodeJS.Signals[];
  /** Told of what is sent to Spoor from the start on, which is meant for the trainer; absent where that runs in the background. */
  signalled?: (event: SignalEvent) => void;
}

export interface LaunchedRun {
  /** Who learns the trainer's end: the waiter, or with `--pty` the trainer itself. */
  process: ProcessIdentity | null;
  /** Null where the output goes straight to the terminal. */
  logPath: string | null;
  /** False where nothing could be written and the trainer runs without a record. */
  recorded: boolean;
  warnings: Warning[];
  ended: Promise<Ended | null>;
  /** With `--pty` only. */
  pty: { resize(columns: number, rows: number): void } | null;
  signals: ForwardedSignals | null;
  unref(): void;
}

/**
 * Stages the capture and starts the trainer. What cannot be written costs the record, never the
 * training. Errors: those of a program that cannot be started (126, 127); then no run is left behind.
 */
export async function launchRun(
  prepared: PreparedRun,
  recording: Recording | null,
  console: Console,
): Promise<LaunchedRun> {
  const warnings: Warning[] = [];
  const into = recording !== null && stage(prepared, recording, warnings) ? recording : null;
  const recorded = into !== null;
  const folder = into === null ? '/nonexistent' : into.home.runs.path(prepared.id);
  const log: LogTarget = recorded
    ? await openLog(join(folder, 'log'))
    : { path: join(folder, 'log'), descriptor: null, warnings: [] };
  warnings.push(...log.warnings);
  const logPath = log.descriptor === null ? null : log.path;
  const env = { ...prepared.env, ...loggingEnvironment(prepared.env, console.terminal) };
  const { argv, bytes, cwd } = prepared;
  const start = { runId: prepared.id, argv, bytes, cwd, env, runDirectory: folder, log };
  const startedAt = (recording?.now() ?? new Date()).toISOString();
  const { signalled, ignored } = console;
  const signals = signalled ? forwardSignals({ ignored, told: signalled }) : null;
  try {
    const launched =
      prepared.mode === 'pty'
        ? await inPty(start, console)
        : { ...startTrainer({ ...start, mode: prepared.mode, ignored }), pty: null };
    const process = 'waiter' in launched ? launched.waiter : launched.trainer;
    if (process) signals?.to({ runId: prepared.id, waiter: process, pty: launched.pty !== null });
    const told = [...warnings, ...launched.warnings.filter((each) => recorded || each.code !== 'exit-not-kept')];
    if (into) mark(prepared, into, process, startedAt, told);
    const unref = 'unref' in launched ? launched.unref : () => {};
    return {
      process,
      logPath,
      recorded,
      warnings: told,
      ended: launched.ended,
      pty: launched.pty,
      signals,
      unref,
    };
  } catch (error) {
    signals?.stop();
    if (into) await forget(prepared, into);
    throw error;
  }
}

type Start = Omit<Parameters<typeof startTrainer>[0], 'mode'>;

async function inPty(start: Start, console: Console) {
  const { columns, rows } = console.terminal ?? { columns: 80, rows: 24 };
  const pty = await startInPty({ ...start, columns, rows, input: console.input, show: console.show });
  return { ...pty, pty };
}

/** Writes what was captured beside the run; without a place for it, says so. */
function stage(prepared: PreparedRun, recording: Recording, warnings: Warning[]): boolean {
  try {
    // Marked first: whatever is left of a start that is broken off is found and settled.
    mark(prepared, recording, null, null, warnings);
    const folder = recording.home.runs.create(prepared.id);
    writeStaged(folder, prepared.captured, recording.host, recording.now());
    return true;
  } catch (error) {
    const hint = error instanceof SpoorError ? error.hint : null;
    warnings.push({ code: 'not-recorded', message: `This training is not recorded: ${errorText(error)}`, hint });
    return false;
  }
}

function mark(
  prepared: PreparedRun,
  recording: Recording,
  waiter: ProcessIdentity | null,
  startedAt: string | null,
  warnings: Warning[],
): void {
  const main = processIdentity(process.pid);
  if (!main) return;
  try {
    markActive(recording.home, prepared.id, {
      main,
      waiter,
      pty: prepared.mode === 'pty',
      ...(prepared.wrapped && { wrapped: true }),
      ...(prepared.stopOn && { stopOn: prepared.stopOn }),
      startedAt,
      warnings,
      preparedMs: prepared.milliseconds,
    });
  } catch (error) {
    warnings.push({
      code: 'not-marked',
      message: `The run could not be marked as live: ${errorText(error)}`,
      hint: 'If Spoor is killed while it trains, the end of this run stays unrecorded.',
    });
  }
}

/** A command that could not be started made no run. */
async function forget(prepared: PreparedRun, { home }: Recording): Promise<void> {
  await clearActive(home, prepared.id).catch(() => {});
  await home.runs.remove(prepared.id).catch(() => {});
}
