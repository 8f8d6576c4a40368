/** Commands as benchmarks run them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const launcher = join(import.meta.dirname, '..', 'bin', 'spoor.js');

/** The command line of Spoor under this Node, as argv. */
export const spoor = (...args: string[]): string[] => [process.execPath, launcher, ...args];

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** Runs a command with its streams thrown away. Throws if it fails. */
export function command(argv: readonly string[], options: CommandOptions = {}): void {
  run(argv, options, 'ignore');
}

/** Runs a command and returns what it wrote to stdout. Throws if it fails. */
export function answer(argv: readonly string[], options: CommandOptions = {}): string {
  return run(argv, options, 'pipe').stdout.toString();
}

function run(argv: readonly string[], options: CommandOptions, stdout: 'ignore' | 'pipe') {
  const [program = '', ...args] = argv;
  const result = spawnSync(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', stdout, 'pipe'],
  });
  if (result.status !== 0) {
    throw new Error(`${argv.join(' ')} failed: ${result.error?.message ?? result.stderr.toString().slice(-2000)}`);
  }
  return result;
}

/** Runs a line of bash in which every part of a pipe must succeed; `$1`… are the words given. */
export function shell(line: string, words: readonly string[], options: CommandOptions = {}): void {
  command(['bash', '-o', 'pipefail', '-c', line, 'bash', ...words], options);
}
