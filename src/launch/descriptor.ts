import { fstatSync, type Stats, statSync, write } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../model/errors.ts';

/**
 * Writes whole chunks to a descriptor without blocking the event loop, as `process.stdout` would
 * where the reader of a pipe or a terminal held by Ctrl-S is slow: signals must still be handled.
 */
export function descriptorWriter(descriptor: number): (bytes: Uint8Array) => Promise<void> {
  return async (bytes) => {
    let rest = bytes;
    let pause = 0;
    while (rest.length > 0) {
      try {
        const written = await writeSome(descriptor, rest);
        rest = rest.subarray(written);
        pause = 0;
      } catch (error) {
        if (errorCode(error) !== 'EAGAIN') throw error;
        // Someone who shares the pipe made it non-blocking.
        await delay(pause);
        pause = Math.min(8, pause + 1);
      }
    }
  };
}

/**
 * Where both streams of a trainer are shown as one: on standard output, unless its reader is at standard error only,
 * as that of a launcher that made a pipe of it, or threw standard output away.
 */
export function shownOn(): 1 | 2 {
  const [out, error] = [stateOf(1), stateOf(2)];
  if (out === null || error === null || (out.dev === error.dev && out.ino === error.ino)) return 1;
  const pipe = (stats: Stats) => stats.isFIFO() || stats.isSocket();
  const nowhere = stateOf('/dev/null');
  return (pipe(error) && !pipe(out)) || (nowhere !== null && out.isCharacterDevice() && out.rdev === nowhere.rdev)
    ? 2
    : 1;
}

function stateOf(file: number | string): Stats | null {
  try {
    return typeof file === 'number' ? fstatSync(file) : statSync(file);
  } catch {
    return null;
  }
}

function writeSome(descriptor: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, (error, written) => (error ? reject(error) : resolve(written)));
  });
}
