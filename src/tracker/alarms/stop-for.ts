import { isAlive } from '../../launch/identity.ts';
import { stopRun } from '../../launch/stop.ts';
import { trainerProcesses } from '../../launch/tree.ts';
import type { RunId } from '../../model/run-id.ts';
import type { StopReason } from '../../model/settings.ts';
import type { Home } from '../../store/home.ts';
import type { ActiveRun } from '../active.ts';
import type { TellFacts } from '../held-facts.ts';
import { markStopped } from '../stop-run.ts';

/** Milliseconds after each signal: what hangs in a driver hears neither of the first two. */
const patience = 60_000;

/**
 * Ends a training for a reason of its own, as `spoor stop` does: politely, then harder.
 *
 * @param ended aborted when the trainer has ended: what it leaves running is let be
 */
export async function stopFor(
  home: Home,
  id: RunId,
  active: ActiveRun | null,
  reason: StopReason,
  tell: TellFacts,
  ended: AbortSignal,
  grace = patience,
): Promise<void> {
  if (!active?.waiter || active.watched) return tell(cannot('it has no process that Spoor knows'));
  const { waiter, pty } = active;
  const processes = { runId: id, waiter, pty };
  if (isAlive(waiter) !== 'unknown-host' && trainerProcesses(processes).length === 0) return;
  markStopped(home.runs.path(id), 'SIGINT', reason);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    const outcome = await stopRun(processes, { signal, grace });
    if (outcome === 'stopped' || ended.aborted) return;
    if (outcome === 'unknown-host') return tell(cannot('it runs on another host'));
  }
  await tell(cannot('it goes on after SIGKILL'));
}

function cannot(why: string) {
  const message = `The training could not be stopped: ${why}`;
  return { type: 'warning' as const, warning: { code: 'not-stopped', message, hint: 'Stop it where it was started.' } };
}
