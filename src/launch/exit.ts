import { closeSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../model/errors.ts';

/**
 * How a trainer ended.
 *
 * The file `exit` of a run holds it as lines of ASCII, written by the waiter (`waiter.ts`), followed
 * by blanks up to 512 bytes:
 *
 *     Killed                       what the shell said of the trainer's end: it was a signal
 *     status 137                   the shell's `$?`
 *     not-started                  the program vanished between look-up and start
 *     signal KILL                  of statuses 129–159: the signal it would be, and below it what
 *     Killed                       the shell says of a process that this signal did kill
 *     ended 2026-11-23T23:30:27Z
 *
 * Only `status` and `ended` are always there. The file appears by renaming `exit.t`.
 */
export interface Ended {
  /** The trainer's exit status; null if a signal killed it, or if nobody learned it. */
  status: number | null;
  /** `SIGTERM`; null if it exited by itself. */
  signal: NodeJS.Signals | null;
  /**
   * False where the shell cannot tell death by `signal` from an exit with 128 + its number (SIGINT
   * and SIGPIPE under dash): a signal is then taken as the likelier.
   */
  certain: boolean;
  /** False if the program could not be executed. */
  started: boolean;
  /** UTC, ISO 8601 with milliseconds; of the file's own modification time where that agrees. */
  endedAt: string;
}

/** The bytes of `exit.t` before the waiter writes. */
const blank = `${' '.repeat(511)}\n`;
const largest = 4096;

/** What `spoor run` exits with: the trainer's own status, 128 + n for signal n. */
export function exitStatusOf(ended: Pick<Ended, 'status' | 'signal'>): number {
  return ended.signal !== null ? 128 + constants.signals[ended.signal] : (ended.status ?? 1);
}

/** A descriptor of `exit.t`, which has its final length already. */
export function statusFile(runDirectory: string): number {
  const path = join(runDirectory, 'exit.t');
  const file = openSync(path, 'w+', 0o600);
  try {
    writeSync(file, blank, 0);
    // Opened anew, because the waiter writes from the first byte on.
    return openSync(path, 'r+');
  } finally {
    closeSync(file);
  }
}

/** Writes `exit` for a trainer whose parent is Spoor itself (`--pty`); the same form, and always certain. */
export function writeExit(runDirectory: string, end: { status: number; signal: number }, at: Date): void {
  const name = end.signal > 0 ? signalNamed(end.signal) : null;
  const words = name === null ? '' : `${name}\n`;
  const status = name === null ? end.status : 128 + end.signal;
  const file = openSync(join(runDirectory, 'exit.t'), 'w', 0o600);
  try {
    const likelySignal = name === null && status > 128 ? signalNamed(status - 128) : name;
    const signal = likelySignal === null ? '' : `signal ${likelySignal.slice(3)}\n${likelySignal}\n`;
    writeSync(file, `${words}status ${status}\n${signal}ended ${at.toISOString()}\n`);
  } finally {
    closeSync(file);
  }
  renameSync(join(runDirectory, 'exit.t'), join(runDirectory, 'exit'));
}

/** Null while there is no `exit`, or where it says nothing. */
export function readExit(runDirectory: string): Ended | null {
  const file = openIfThere(join(runDirectory, 'exit'));
  if (file === null) return null;
  try {
    const buffer = Buffer.alloc(largest);
    return parseExit(buffer.toString('latin1', 0, readSync(file, buffer)), fstatSync(file).mtime);
  } finally {
    closeSync(file);
  }
}

/** @param modified when the file was last written, which is finer than the seconds it states */
export function parseExit(text: string, modified: Date): Ended | null {
  const lines = text.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => /^status \d{1,3}$/.test(line));
  if (at < 0) return null;
  const status = Number(lines[at]!.slice('status '.length));
  const said = lines.slice(0, at).some((line) => line !== '');
  const signalAt = lines.findIndex((line) => line.startsWith('signal '));
  const signal = signalAt < 0 ? null : asSignal(`SIG${lines[signalAt]!.slice('signal '.length)}`);
  const wouldSay = signalAt >= 0 && isWord(lines[signalAt + 1]);
  const exited = signal === null || (!said && wouldSay);
  return {
    status: exited ? status : null,
    signal: exited ? null : signal,
    certain: exited || said,
    started: !lines.includes('not-started'),
    endedAt: endTime(lines.find((line) => line.startsWith('ended '))?.slice('ended '.length), modified),
  };
}

function isWord(line: string | undefined): boolean {
  return line !== undefined && line !== '' && !line.startsWith('ended ');
}

function endTime(stated: string | undefined, modified: Date): string {
  const time = Date.parse(stated ?? '');
  // A copy of the folder may have lost its modification times.
  const agrees = Number.isNaN(time) || Math.abs(modified.getTime() - time) < 2_000;
  return (agrees ? modified : new Date(time)).toISOString();
}

function asSignal(name: string): NodeJS.Signals | null {
  return Object.hasOwn(constants.signals, name) ? (name as NodeJS.Signals) : null;
}

export function signalNamed(number: number): NodeJS.Signals | null {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found === undefined ? null : (found[0] as NodeJS.Signals);
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}
