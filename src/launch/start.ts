import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, errorText, SpoorError } from '../model/errors.ts';
import type { ProcessIdentity, Warning } from '../model/facts.ts';
import { runMarker } from './environment.ts';
import { type Ended, readExit, signalNamed, statusFile } from './exit.ts';
import { childIdentity, processIdentity } from './identity.ts';
import type { LogTarget } from './log.ts';
import { processIds, processStat, readText, writersOf } from './processes.ts';
import { findProgram } from './program.ts';
import { waiterArguments } from './waiter.ts';

export interface StartOptions {
  runId: string;
  /** The trainer's command, not empty. */
  argv: readonly string[];
  /** The bytes of those of its words, the first excepted, that are no UTF-8, by their place. */
  bytes?: ReadonlyMap<number, Uint8Array>;
  cwd: string;
  /** The whole environment of the trainer; `SPOOR_RUN` is added. */
  env: Readonly<Record<string, string | undefined>>;
  /** `runs/<run-id>`: `log`, `exit.t` and `exit` are written there. */
  runDirectory: string;
  log: LogTarget;
  /** `attached`: in the caller's process group, with its stdin. `detached`: a session of its own, without stdin. */
  mode: 'attached' | 'detached';
  /** What the trainer ignores from its start on, as under `nohup`: Node has undone it and cannot pass it on. */
  ignored?: readonly NodeJS.Signals[];
}

/** A trainer that has been started. */
export interface Launched {
  /** The process that waits for the trainer, its parent; a detached one leads its session and group. */
  waiter: ProcessIdentity;
  mode: StartOptions['mode'];
  warnings: Warning[];
  /** Settles when the trainer has ended; null if nobody learned how (its waiter was killed). */
  ended: Promise<Ended | null>;
  /** Lets the caller end before the trainer. */
  unref(): void;
}

/**
 * Starts the trainer under its waiter. Returns as soon as the waiter runs.
 *
 * @throws SpoorError `no-such-command`, `no-such-interpreter`, `not-executable`,
 * `command-too-long`, `cannot-start`
 */
export function startTrainer(options: StartOptions): Launched {
  const { argv, bytes, cwd, runDirectory, log, mode } = options;
  const descriptor = log.descriptor;
  let status: number | null = null;
  try {
    findProgram(argv[0] ?? '', { path: options.env.PATH, cwd });
    const warnings: Warning[] = [];
    try {
      status = statusFile(runDirectory);
    } catch (error) {
      warnings.push({
        code: 'exit-not-kept',
        message: `${join(runDirectory, 'exit')} cannot be written (${errorText(error)}): the exit status is known only while spoor run lives`,
        hint: null,
      });
    }
    const env = { ...options.env, [runMarker]: options.runId } as Record<string, string>;
    const ignored = options.ignored ?? [];
    const child = spawnShell(waiterArguments({ argv, bytes, env, cwd, runDirectory, ignored }), {
      cwd,
      env,
      detached: mode === 'detached',
      stdio: [mode === 'detached' ? 'ignore' : 'inherit', descriptor ?? 'inherit', status ?? 'ignore', descriptor ?? 2],
    });
    return {
      // A pid that is not there was told above.
      waiter: childIdentity(child.pid as number),
      mode,
      warnings,
      ended: waitForChild(child, runDirectory, descriptor === null ? null : log.path),
      unref: () => child.unref(),
    };
  } finally {
    for (const each of [descriptor, status]) if (each !== null) closeSync(each);
  }
}

/** Too long a command is thrown by Node, what else fails is told by an event without a pid. */
function spawnShell(args: string[], options: SpawnOptions): ChildProcess {
  try {
    const child = spawn('/bin/sh', args, options);
    if (child.pid !== undefined) return child;
    child.once('error', () => {});
  } catch (error) {
    if (errorCode(error) !== 'E2BIG') throw error;
    throw new SpoorError(
      'unavailable',
      'command-too-long',
      'the command and its environment are longer than the system allows',
      'put long arguments into the configuration file (limits: 128 KiB an argument, getconf ARG_MAX in all)',
      error,
    );
  }
  throw new SpoorError(
    'unavailable',
    'cannot-start',
    `no process can be started in ${String(options.cwd)}`,
    'the directory may be gone, /bin/sh missing, or the limit of processes reached (ulimit -u)',
  );
}

async function waitForChild(child: ChildProcess, runDirectory: string, logPath: string | null): Promise<Ended | null> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const written = readExit(runDirectory);
  if (written !== null) return written;
  if (signal !== null) {
    // The waiter was killed: the trainer may go on without it.
    while (logPath !== null && writersOf(logPath).length > 0) await delay(500);
    return null;
  }
  return endedFromStatus(code ?? 0);
}

/** Where `exit` could not be written: all that is known is the shell's status. */
function endedFromStatus(status: number): Ended {
  const signal = status > 128 ? signalNamed(status - 128) : null;
  return {
    status: signal === null ? status : null,
    signal,
    certain: signal === null,
    started: true,
    endedAt: new Date().toISOString(),
  };
}

/** The trainer itself: the waiter's child. Null once it has ended, or where the system does not tell. */
export async function findTrainer(waiter: ProcessIdentity): Promise<ProcessIdentity | null> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const child = firstChild(waiter.pid);
    if (child !== null) return processIdentity(child);
    if (processIdentity(waiter.pid)?.startTicks !== waiter.startTicks) return null;
    await delay(2);
  }
  return null;
}

function firstChild(pid: number): number | null {
  const told = readText(`/proc/${pid}/task/${pid}/children`);
  if (told !== null) return told.trim() === '' ? null : Number(told.trim().split(' ')[0]);
  return processIds().find((each) => processStat(each)?.parent === pid) ?? null;
}
