import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './identity.ts';
import { type RunProcesses, signalTrainer, trainerProcesses } from './tree.ts';

export interface StopOptions {
  /** Sent first; by default SIGTERM. */
  signal?: NodeJS.Signals;
  /** Milliseconds to wait for the trainer to end, by default 10,000. */
  grace?: number;
  /** Whether to send SIGKILL after the grace and wait as long again. */
  kill?: boolean;
}

/**
 * Stops a run from outside (`spoor stop RUN`), politely first. The waiter is left to record the end.
 *
 * @returns `stopped`, also if nothing ran; `still-running` when the grace has passed in vain;
 * `unknown-host` for a run that is not of this host, to which nothing was sent
 */
export async function stopRun(
  run: RunProcesses,
  options: StopOptions = {},
): Promise<'stopped' | 'killed' | 'still-running' | 'unknown-host'> {
  if (isAlive(run.waiter) === 'unknown-host') return 'unknown-host';
  const grace = options.grace ?? 10_000;
  signalTrainer(run, options.signal ?? 'SIGTERM');
  if (await goneWithin(run, grace)) return 'stopped';
  if (options.kill !== true) return 'still-running';
  signalEach(run, 'SIGKILL');
  return (await goneWithin(run, grace)) ? 'killed' : 'still-running';
}

/** One by one, so that the waiter, which may share the group, lives to record the end. */
export function signalEach(run: RunProcesses, signal: NodeJS.Signals): void {
  for (const pid of trainerProcesses(run)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

async function goneWithin(run: RunProcesses, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    if (trainerProcesses(run).length === 0) return true;
    if (performance.now() >= deadline) return false;
    await delay(25);
  }
}
