import { close, type FSWatcher, fstat, open, read, watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const openFile = promisify(open);
const readFile = promisify(read);
const statFile = promisify(fstat);
const closeFile = promisify(close);

export interface TailOptions {
  path: string;
  /** Takes the bytes; a promise holds the tail back until it is settled, a rejection ends the showing. */
  write: (bytes: Uint8Array) => Promise<void>;
  /** Byte to begin with, by default the first. */
  from?: number;
  /** Milliseconds between looks where the file system does not tell of changes, by default 200. */
  poll?: number;
}

export interface Tail {
  /**
   * Shows what the log holds by now, then stops; never waits for a writer. Settles with the bytes
   * shown in all.
   *
   * A reader that has stalled is waited for as `tee` would; at most `patience` milliseconds if given.
   * The write that hangs then keeps `process.exit` from returning: end by a signal instead.
   */
  finish(patience?: number): Promise<number>;
  /** Stops at once. */
  stop(): void;
  /** Settles with the error when the bytes cannot be shown any more (the terminal is gone); with null after the end. */
  broken: Promise<unknown>;
}

const chunk = 2 ** 20;
/** Milliseconds between two looks at a log that is written all the time, so that the trainer keeps the processor. */
const breath = 4;

/** Shows a growing log, byte for byte as it comes. */
export function tailLog(options: TailOptions): Tail {
  let { promise: changed, resolve: change } = Promise.withResolvers<void>();
  let end: number | null = null;
  let stopped = false;
  let finishing = false;
  let position = options.from ?? 0;

  const follow = async (): Promise<unknown> => {
    const file = await openFile(options.path, 'r');
    let watcher: FSWatcher | null = null;
    try {
      watcher = watch(options.path, () => change());
      watcher.on('error', () => watcher?.close());
    } catch {
      // Polling alone will do.
    }
    const timer = setInterval(() => change(), options.poll ?? 200);
    try {
      const buffer = Buffer.allocUnsafe(chunk);
      while (!stopped) {
        if (finishing && end === null) end = (await statFile(file)).size;
        const length = end === null ? chunk : Math.min(chunk, end - position);
        if (length <= 0) break;
        ({ promise: changed, resolve: change } = Promise.withResolvers<void>());
        const { bytesRead } = await readFile(file, buffer, 0, length, position);
        if (bytesRead > 0) {
          await options.write(buffer.subarray(0, bytesRead));
          position += bytesRead;
        }
        if (bytesRead < chunk && !finishing) {
          if (bytesRead > 0) await delay(breath);
          if (!finishing && !stopped) await changed;
        } else if (bytesRead === 0) break;
      }
      return null;
    } finally {
      clearInterval(timer);
      watcher?.close();
      await closeFile(file);
    }
  };
  const done = follow().catch((error: unknown) => error);
  return {
    broken: done,
    async finish(patience) {
      finishing = true;
      change();
      await (patience === undefined ? done : Promise.race([done, delay(patience, null, { ref: false })]));
      return position - (options.from ?? 0);
    },
    stop() {
      stopped = true;
      change();
    },
  };
}
