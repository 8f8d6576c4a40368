import { execFile } from 'node:child_process';
import { closeSync, openSync, statSync, truncateSync } from 'node:fs';
import { errorText } from '../model/errors.ts';
import type { Warning } from '../model/facts.ts';
import { writersOf } from './processes.ts';

/**
 * A trainer whose output is a file dies of its own print when the disk is full. So space for the log
 * is reserved beyond its end, where writing finds it whatever else fills the disk.
 */
const mebibyte = 2 ** 20;
export const reservedBytes = 64 * mebibyte;
/** What is tried when the whole does not fit: most logs are smaller than this. */
const leastBytes = 8 * mebibyte;

/** Where the trainer's output goes. */
export interface LogTarget {
  path: string;
  /** Open for appending; null where the output goes straight to the terminal. Owned by `startTrainer`. */
  descriptor: number | null;
  warnings: Warning[];
}

/**
 * Creates the log and reserves its space (a fork of `fallocate`, about 2 ms: begin it while the
 * launch is being captured, and await it before `startTrainer`).
 */
export async function openLog(path: string): Promise<LogTarget> {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'a', 0o600);
  } catch (error) {
    return {
      path,
      descriptor: null,
      warnings: [
        {
          code: 'log-not-kept',
          message: `the log ${path} cannot be written (${errorText(error)}): the trainer's output goes to the terminal only`,
          hint: 'make room or give write permission before the next run; redirect the output to keep it',
        },
      ],
    };
  }
  let reserved = await reserve(path, 0, reservedBytes);
  if (reserved === 'full') reserved = await reserve(path, 0, leastBytes);
  if (reserved === 'full') {
    closeSync(descriptor);
    return { path, descriptor: null, warnings: [noSpace(path)] };
  }
  return { path, descriptor, warnings: reserved === 'unsupported' ? [notReservable(path)] : [] };
}

/**
 * Tops the reservation up while the run goes on, first when `milliseconds` have passed: until then what
 * `openLog` reserved lasts. Any Spoor process may, several at once do no harm. Warns once when it cannot.
 */
export function keepLogSpace(
  path: string,
  warn: (warning: Warning) => void,
  milliseconds = 1_000,
): { stop(): Promise<void> } {
  let reservedTo = 0;
  let warned = false;
  let stopped = false;
  let current = Promise.resolve();
  const topUp = async () => {
    const size = sizeOf(path);
    if (size === null || size + reservedBytes / 2 < reservedTo) return;
    const outcome = await reserve(path, size, reservedBytes);
    if (outcome === 'reserved') {
      reservedTo = size + reservedBytes;
      warned = false;
    } else if (outcome === 'full' && !warned) {
      warned = true;
      warn({
        code: 'log-space-low',
        message: `the disk that holds ${path} is full; the trainer's output fails once the space kept for it is used up`,
        hint: 'free some space while the training goes on',
      });
    } else if (outcome === 'unsupported') {
      stopped = true;
      clearInterval(timer);
    }
  };
  const timer = setInterval(() => {
    current = current.then(() => (stopped ? undefined : topUp()));
  }, milliseconds);
  timer.unref();
  return {
    /** Looks for the last time: half of the space may have been used up since the time before. */
    async stop() {
      clearInterval(timer);
      await current;
      if (!stopped) await topUp();
      stopped = true;
    },
  };
}

/** Gives back what was reserved and not used. Does nothing while anyone may still write. */
export function trimLog(path: string): boolean {
  if (writersOf(path).length > 0) return false;
  const size = sizeOf(path);
  if (size === null) return false;
  try {
    truncateSync(path, size);
    return true;
  } catch {
    return false;
  }
}

type Reservation = 'reserved' | 'full' | 'unsupported';

function reserve(path: string, offset: number, length: number): Promise<Reservation> {
  return new Promise((resolve) => {
    const args = ['--keep-size', '--offset', String(offset), '--length', String(length), path];
    const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin', LC_ALL: 'C' };
    execFile('fallocate', args, { env, timeout: 5_000 }, (error, _, stderr) => {
      if (!error) resolve('reserved');
      else resolve(/no space left|quota exceeded/i.test(stderr) ? 'full' : 'unsupported');
    });
  });
}

function noSpace(path: string): Warning {
  return {
    code: 'log-not-kept',
    message: `there is no room for ${leastBytes / mebibyte} MiB of log at ${path}: the trainer's output goes to the terminal only`,
    hint: 'free some space before the next run; redirect the output to keep it',
  };
}

function notReservable(path: string): Warning {
  return {
    code: 'log-space-not-reserved',
    message: `no space can be reserved for ${path} (no fallocate, or a file system without it): a disk that fills up would stop the trainer`,
    hint: 'keep some space free on that disk, or put SPOOR_HOME on a local one',
  };
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
