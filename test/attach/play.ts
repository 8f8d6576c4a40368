/** Trainers that someone else started, and `spoor attach` to them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../../src/model/run.ts';
import { eventually, held, processesNamed } from '../run/play.ts';

import { shown, spoor, training as trainingOf } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

/** The Python itself: a shim that stands before it is another process until it has found it. */
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** The trainer of the world with its configuration, started by that Python. */
export const training = (world: World, ...more: string[]) => [python, ...trainingOf(world, ...more).slice(1)];

/** The processes of the world that run Python on its trainer, the oldest first. */
export const trainersOf = (world: World) =>
  processesNamed(world, `${python} ${world.trainer}/train_network.py`)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith(`${python}\0`))
    .sort((a, b) => a - b);

export interface Trainer {
  child: ChildProcess;
  pid: number;
  /** Lets it go beyond its first step. */
  go(): void;
}

/** Starts a command with its output in a file, and waits until the trainer has made its first step. */
export async function started(
  world: World,
  options: { command?: readonly string[]; log?: string | null; errors?: string; env?: Record<string, string> } = {},
): Promise<Trainer> {
  const [program = '', ...args] = options.command ?? training(world);
  const log = options.log === undefined ? join(world.root, 'train.log') : options.log;
  const output = log === null ? 'ignore' : openSync(log, 'a');
  const errors = options.errors === undefined ? output : openSync(options.errors, 'a');
  const { env, ready, go } = held(world);
  const child = spawn(program, args, {
    cwd: world.root,
    env: { ...world.env, ...env, ...options.env },
    stdio: ['ignore', output, errors],
    detached: true,
  });
  for (const each of new Set([output, errors])) if (typeof each === 'number') closeSync(each);
  await eventually(ready);
  return { child, pid: child.pid!, go };
}

/** `spoor attach`, with the id it prints. */
export async function attached(world: World, pid: number, ...args: string[]): Promise<{ id: string; err: string }> {
  const { stdout, stderr, exitCode } = await spoor(world, ['attach', String(pid), ...args]);
  if (exitCode !== 0) throw new Error(`spoor attach exited with ${exitCode}: ${stderr}`);
  return { id: String(stdout).trim(), err: String(stderr) };
}

/** The record, once its recorder is done. */
export async function over(world: World, id: string): Promise<Run> {
  while (existsSync(join(world.spoorHome, 'active', id))) await delay(50);
  return shown(world, id);
}

export const warned = (run: Run, code: string) => run.warnings.find((each) => each.code === code)?.message ?? null;
