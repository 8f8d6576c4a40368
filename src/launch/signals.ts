import { signalEach } from './stop.ts';
import { type RunProcesses, signalTrainer } from './tree.ts';
import { Witness } from './witness.ts';

/** What may ask a training to end or to report; SLURM warns of the end by SIGUSR1. */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Milliseconds after the first SIGTERM or SIGHUP from which a repeated one kills. Whoever asks once
 * is answered politely, however long the trainer takes to save.
 */
const defaultPatience = 10_000;

/** What became of a signal that Spoor received. */
export interface SignalEvent {
  signal: NodeJS.Signals;
  /** `group`: the trainer has it from the same sender. */
  handled: 'group' | 'forwarded' | 'killed';
}

export interface ForwardedSignals {
  /** Names the run, once it is started: signals received before wait for that. */
  to(run: RunProcesses): void;
  stop(): void;
}

/**
 * While a trainer runs attached: signals that reach Spoor end it no more. Those sent to Spoor's pid
 * alone are forwarded to the trainer's processes; those that the whole group got are not, so that
 * the trainer has each of them once. Called before the start, so that no signal ends Spoor and leaves
 * the trainer behind.
 */
export function forwardSignals(
  options: {
    told?: (event: SignalEvent) => void;
    /** What the trainer ignores, SIGHUP under `nohup`: it is no request. */
    ignored?: readonly NodeJS.Signals[];
    /** Milliseconds after which a repeated request kills. */
    patience?: number;
  } = {},
): ForwardedSignals {
  const target = Promise.withResolvers<{ run: RunProcesses; witness: Witness }>();
  let started: Witness | null = null;
  const waiting = new Set<NodeJS.Signals>();
  let queue = Promise.resolve();
  let firstRequest: number | null = null;
  const handle = async (signal: NodeJS.Signals, at: number) => {
    const { run, witness } = await target.promise;
    const group = await witness.sawToo(signal, at);
    waiting.delete(signal);
    if (group) return options.told?.({ signal, handled: 'group' });
    const request = signal === 'SIGTERM' || signal === 'SIGHUP';
    if (request) firstRequest ??= performance.now();
    if (request && performance.now() - firstRequest! >= (options.patience ?? defaultPatience)) {
      signalEach(run, 'SIGKILL');
      return options.told?.({ signal, handled: 'killed' });
    }
    signalTrainer(run, signal);
    options.told?.({ signal, handled: 'forwarded' });
  };
  const received = (signal: NodeJS.Signals) => {
    // `timeout` and others send to the process and to its group at once: one request.
    if (waiting.has(signal) || options.ignored?.includes(signal)) return;
    waiting.add(signal);
    const at = performance.now();
    queue = queue.then(() => handle(signal, at));
  };
  for (const signal of forwarded) process.on(signal, received);
  return {
    to(run) {
      // Only now: its own start would hold up the trainer's.
      started = new Witness();
      target.resolve({ run, witness: started });
    },
    stop() {
      for (const signal of forwarded) process.off(signal, received);
      started?.close();
    },
  };
}
