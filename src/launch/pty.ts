import { closeSync, writeSync } from 'node:fs';
import { errorText, SpoorError } from '../model/errors.ts';
import type { ProcessIdentity, Warning } from '../model/facts.ts';
import { runMarker } from './environment.ts';
import { type Ended, readExit, signalNamed, writeExit } from './exit.ts';
import { processIdentity } from './identity.ts';
import type { LogTarget } from './log.ts';
import { findProgram } from './program.ts';

export interface PtyOptions {
  runId: string;
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  runDirectory: string;
  log: LogTarget;
  columns: number;
  rows: number;
  /** The terminal's input; made raw if it is a terminal. */
  input: NodeJS.ReadStream;
  /** Takes what the trainer writes. Must not throw. */
  show: (bytes: Uint8Array) => void;
}

export interface PtyLaunched {
  trainer: ProcessIdentity | null;
  warnings: Warning[];
  ended: Promise<Ended>;
  resize(columns: number, rows: number): void;
  /** To the trainer's whole session, which it leads. */
  signal(signal: NodeJS.Signals): void;
}

/**
 * Starts the trainer on a terminal of its own (`--pty`), for what insists on one. Its output goes
 * to the log and to `show`. The terminal ends with Spoor, and the trainer with the terminal.
 *
 * @throws SpoorError as `startTrainer`, and `pty-unavailable`
 */
export async function startInPty(options: PtyOptions): Promise<PtyLaunched> {
  const { argv, cwd, env, input, log } = options;
  const program = findProgram(argv[0] ?? '', { path: env.PATH, cwd });
  const { spawn } = await loadPty();
  const pty = spawn(program, argv.slice(1), {
    cwd,
    cols: options.columns,
    rows: options.rows,
    name: env.TERM ?? 'xterm-256color',
    env: { ...env, [runMarker]: options.runId },
    encoding: null,
  });
  const type = (bytes: Buffer | string) => pty.write(bytes.toString());
  const wasRaw = input.isRaw;
  if (input.isTTY) input.setRawMode(true);
  input.on('data', type);
  input.resume();
  let descriptor = log.descriptor;
  const warnings: Warning[] = [
    {
      code: 'pty-depends-on-spoor',
      message: 'with --pty the training ends if spoor is killed, and what it writes is lost if the disk is full',
      hint: 'leave --pty away unless the trainer insists on a terminal',
    },
  ];
  // With `encoding: null` these are bytes, whatever the declaration says.
  pty.onData((data: unknown) => {
    const bytes = data as Buffer;
    try {
      if (descriptor !== null) writeWhole(descriptor, bytes);
    } catch (error) {
      closeSync(descriptor!);
      descriptor = null;
      warnings.push({ code: 'log-not-kept', message: `${log.path}: ${errorText(error)}`, hint: 'free some space' });
    }
    options.show(bytes);
  });
  const ended = new Promise<Ended>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      input.off('data', type);
      input.pause();
      if (input.isTTY) input.setRawMode(wasRaw);
      if (descriptor !== null) closeSync(descriptor);
      const at = new Date();
      resolve(recorded(options.runDirectory, { status: exitCode, signal: signal ?? 0 }, at));
    });
  });
  return {
    trainer: processIdentity(pty.pid),
    warnings,
    ended,
    resize: (columns, rows) => pty.resize(columns, rows),
    signal: (signal) => {
      try {
        process.kill(-pty.pid, signal);
      } catch {
        // It has ended.
      }
    },
  };
}

function recorded(runDirectory: string, end: { status: number; signal: number }, at: Date): Ended {
  try {
    writeExit(runDirectory, end, at);
    const ended = readExit(runDirectory);
    if (ended !== null) return ended;
  } catch {
    // A full disk: the caller still learns it.
  }
  const signal = end.signal > 0 ? signalNamed(end.signal) : null;
  return {
    status: signal === null ? end.status : null,
    signal,
    certain: true,
    started: true,
    endedAt: at.toISOString(),
  };
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

async function loadPty(): Promise<typeof import('@lydell/node-pty')> {
  try {
    return await import('@lydell/node-pty');
  } catch (error) {
    throw new SpoorError(
      'unavailable',
      'pty-unavailable',
      `a terminal for the trainer cannot be made: ${errorText(error)}`,
      'run without --pty',
      error,
    );
  }
}
