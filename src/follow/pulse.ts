import { type FSWatcher, watch } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export interface PulseOptions {
  /** Directories whose changes are worth a look; those not there yet are tried again each time. */
  directories: readonly string[];
  everyMs: number;
  /** Ends every wait. */
  until: AbortSignal;
}

export interface Pulse {
  /**
   * Resolves when it is time to look again: at once if something has changed since the last look, else
   * when the system says so or `everyMs` has gone by. Never before `restMs`.
   */
  next(restMs: number): Promise<void>;
  close(): void;
}

/**
 * The system's notices only make a look come sooner: where there are none (network file systems, no
 * watches left) looking every `everyMs` finds the same.
 */
export function startPulse({ directories, everyMs, until }: PulseOptions): Pulse {
  const watchers = new Map<string, FSWatcher>();
  let noticed = new AbortController();
  noticed.abort();

  function watchAll(): void {
    for (const directory of directories) {
      if (watchers.has(directory)) continue;
      try {
        const watcher = watch(directory, { persistent: false }, () => noticed.abort());
        watchers.set(directory, watcher);
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(directory);
        });
      } catch {
        // Not there yet, or not to be watched: the interval serves.
      }
    }
  }

  return {
    async next(restMs) {
      watchAll();
      await pause(restMs, until);
      if (!noticed.signal.aborted) await pause(everyMs, AbortSignal.any([until, noticed.signal]));
      noticed = new AbortController();
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch {
    // Woken early.
  }
}
