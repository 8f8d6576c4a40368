import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Ended } from './exit.ts';
import { findProgram } from './program.ts';

export interface Replacement {
  /** Not empty. */
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** What the program is to ignore from its start on, as under `nohup`. */
  ignored: readonly NodeJS.Signals[];
}

/**
 * Puts a program in the place of this process: same pid, same streams. Where Node cannot (before 22.15), the program is
 * a child that gets what is sent to this process; settles with how it ended.
 *
 * @throws SpoorError `no-such-command`, `no-such-interpreter`, `not-executable`
 */
export async function replaceBy({ argv, cwd, env, ignored }: Replacement): Promise<Pick<Ended, 'status' | 'signal'>> {
  const program = findProgram(argv[0] ?? '', { path: env.PATH, cwd });
  const names = ignored.map((signal) => signal.slice(3)).join(' ');
  const [file, words] =
    names === '' ? [program, [...argv]] : ['/bin/sh', ['sh', '-c', `trap '' ${names}; exec "$@"`, 'sh', ...argv]];
  const variables = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  process.execve?.(file, words, variables);
  const child = spawn(file, words.slice(1), { argv0: words[0], stdio: 'inherit', env: variables });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return { status, signal };
}

/** Signals whose default action ends a process and leaves no core dump, which might overwrite the trainer's. */
const withoutCore = new Set<NodeJS.Signals>([
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGKILL',
  'SIGUSR1',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
]);

/** Ends this process as the program in its place has ended, so that its parent sees the same: by the same signal. */
export function endLike({ signal }: Pick<Ended, 'signal'>): void {
  if (signal === null || !withoutCore.has(signal)) return;
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
