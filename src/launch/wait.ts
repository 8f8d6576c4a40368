import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '../model/facts.ts';
import { type Ended, readExit } from './exit.ts';
import { isAlive } from './identity.ts';

export interface WaitOptions {
  /** Milliseconds between looks where the file system does not tell of changes. */
  poll?: number;
  signal?: AbortSignal;
}

/**
 * Waits for a trainer one is not the parent of: settles when `exit` appears, or with null when the
 * waiter is dead without having written it and nobody writes the log any more.
 *
 * @throws the reason of `signal` when that aborts
 */
export function waitForExit(
  runDirectory: string,
  waiter: ProcessIdentity,
  options: WaitOptions = {},
): Promise<Ended | null> {
  return new Promise((resolve, reject) => {
    let watcher: FSWatcher | null = null;
    const finish = (settle: () => void) => {
      clearInterval(timer);
      watcher?.close();
      options.signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = () => finish(() => reject(options.signal?.reason as Error));
    const look = (judge: boolean) => {
      try {
        // Judged before the look: an exit written in between is then seen.
        const dead = judge && isAlive(waiter, { logPath: join(runDirectory, 'log') }) === 'dead';
        const ended = readExit(runDirectory);
        if (ended !== null || dead) finish(() => resolve(ended));
      } catch (error) {
        finish(() => reject(error as Error));
      }
    };
    const timer = setInterval(() => look(true), options.poll ?? 1_000);
    try {
      watcher = watch(runDirectory, (_, name) => {
        if (name === 'exit' || name === null) look(false);
      });
      watcher.on('error', () => watcher?.close());
    } catch {
      // Polling alone will do.
    }
    if (options.signal?.aborted) return abort();
    options.signal?.addEventListener('abort', abort);
    look(true);
  });
}
