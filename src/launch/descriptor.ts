import { write } from 'node:fs';
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

function writeSome(descriptor: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, (error, written) => (error ? reject(error) : resolve(written)));
  });
}
