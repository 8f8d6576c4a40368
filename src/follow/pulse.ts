import { type FSWatcher, watch } from 'node:fs';

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
  let noticed = true;
  /** Ends the wait for a notice. */
  let wake: (() => void) | null = null;
  const notice = () => {
    noticed = true;
    wake?.();
  };

  function watchAll(): void {
    for (const directory of directories) {
      if (watchers.has(directory)) continue;
      try {
        const watcher = watch(directory, { persistent: false }, notice);
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
      if (!noticed) {
        await pause(everyMs, until, (end) => {
          wake = end;
        });
      }
      wake = null;
      noticed = false;
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** Several a second: no error is made for those that end early. @param begun gets what ends this one */
function pause(ms: number, until: AbortSignal, begun?: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    if (until.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      until.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    until.addEventListener('abort', end);
    begun?.(end);
  });
}
