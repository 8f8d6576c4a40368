import type { ProcessIdentity } from '../model/facts.ts';
import { runMarker } from './environment.ts';
import { isAlive } from './identity.ts';
import { processIds, processStat, startedWith } from './processes.ts';

/** The processes of a run. */
export interface RunProcesses {
  runId: string;
  waiter: ProcessIdentity;
  /** With `--pty` nobody waits: `waiter` is the trainer itself, which leads its session. */
  pty?: boolean;
}

/**
 * Every living process of the run, its waiter excepted: those that descend from the waiter, and
 * those that carry the run's marker, which outlive a launcher that died before its children.
 */
export function trainerProcesses({ runId, waiter, pty }: RunProcesses): number[] {
  const stats = new Map(
    processIds().flatMap((pid) => {
      const stat = processStat(pid);
      return stat === null || stat.state === 'Z' || stat.state === 'X' ? [] : [[pid, stat] as const];
    }),
  );
  const rooted = stats.get(waiter.pid)?.startTicks === waiter.startTicks && isAlive(waiter) === 'alive';
  const found = new Set([...stats.keys()].filter((pid) => startedWith(pid, `${runMarker}=${runId}`)));
  if (rooted) found.add(waiter.pid);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, stat] of stats) {
      if (!found.has(pid) && found.has(stat.parent)) {
        found.add(pid);
        grown = true;
      }
    }
  }
  if (!pty) found.delete(waiter.pid);
  found.delete(process.pid);
  return [...found];
}

/** Whether all of the run's trainer is halted (SIGSTOP, Ctrl-Z). */
export function isPaused(run: RunProcesses): boolean {
  const states = trainerProcesses(run).map((pid) => processStat(pid)?.state);
  return states.length > 0 && states.every((state) => state === 'T' || state === 't');
}

/**
 * Sends `signal` once to every process of the run's trainer. To the group at once where the waiter
 * leads one of its own, for then nobody else is in it, and survives the signal; else one by one, for
 * the group may be shared with whoever called Spoor. Looks again for those born meanwhile.
 *
 * @returns how many were reached
 */
export function signalTrainer(run: RunProcesses, signal: NodeJS.Signals): number {
  const reached = new Set<number>();
  for (let round = 0; round < 3; round++) {
    const fresh = trainerProcesses(run).filter((pid) => !reached.has(pid));
    if (fresh.length === 0) break;
    const grouped =
      round === 0 && (run.pty || survivable.has(signal))
        ? fresh.filter((pid) => processStat(pid)?.group === run.waiter.pid)
        : [];
    if (grouped.length > 0 && send(-run.waiter.pid, signal)) for (const pid of grouped) reached.add(pid);
    for (const pid of fresh) if (!reached.has(pid) && send(pid, signal)) reached.add(pid);
  }
  return reached.size;
}

/** What the waiter traps: any other signal would kill it, and nobody would learn the trainer's status. */
const survivable: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
]);

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}
