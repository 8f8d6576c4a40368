/** Commands as benchmarks run them. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const launcher = join(import.meta.dirname, '..', 'bin', 'spoor.js');

/** The command line of Spoor under this Node, as argv. */
export const spoor = (...args: string[]): string[] => [process.execPath, launcher, ...args];

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** Runs a command and returns what it wrote to stdout. Throws if it fails. */
export function command(argv: readonly string[], options: CommandOptions = {}): string {
  const [program = '', ...args] = argv;
  const result = spawnSync(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 2 ** 20,
  });
  if (result.status !== 0) {
    throw new Error(`${argv.join(' ')} failed: ${result.error?.message ?? result.stderr.toString().slice(-2000)}`);
  }
  return result.stdout.toString();
}

/** Starts a command; settles when it has ended, and throws if it failed. */
export async function start(argv: readonly string[], options: CommandOptions = {}): Promise<void> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: 'ignore',
  });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with status ${status}`);
}

/** Runs a line of bash in which every part of a pipe must succeed; `$1`… are the words given. */
export function shell(line: string, words: readonly string[], options: CommandOptions = {}): void {
  command(['bash', '-o', 'pipefail', '-c', line, 'bash', ...words], options);
}
