import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa, type Options, type ResultPromise } from 'execa';
import type { Run } from '../../src/model/run.ts';
import type { World } from './world.ts';

/** The built command line, as an installed one would be started. */
export const spoorBin = fileURLToPath(new URL('../../bin/spoor.js', import.meta.url));

/** Starts `spoor ARGS` in the world; never rejects: look at `exitCode`, `stdout`, `stderr`. */
export function spoor<O extends Options = Record<never, never>>(world: World, args: readonly string[], options?: O) {
  return execa(process.execPath, [spoorBin, ...args], {
    cwd: world.root,
    stripFinalNewline: false,
    reject: false,
    stdin: 'ignore',
    ...options,
    env: { ...world.env, ...options?.env },
    extendEnv: false,
  }) as ResultPromise<{ reject: false; stripFinalNewline: false; encoding: 'utf8' }>;
}

/** `spoor run -- COMMAND` to its end, and the record it made. */
export async function recorded(
  world: World,
  command: readonly string[],
  options: { args?: string[]; env?: Record<string, string>; cwd?: string } = {},
): Promise<{ run: Run; exitCode: number | undefined; stdout: string; stderr: string }> {
  const result = await spoor(world, ['run', ...(options.args ?? []), '--', ...command], {
    env: options.env ?? {},
    cwd: options.cwd ?? world.root,
  });
  // Where the machine is busy, the rest is done in the background.
  const rest = /spoor show (\w{26}) shows it/.exec(String(result.stderr))?.[1];
  while (rest && existsSync(join(world.spoorHome, 'active', rest))) await delay(50);
  const run = await shown(world, '@');
  return { run, exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) };
}

export async function shown(world: World, reference: string): Promise<Run> {
  const { stdout, stderr, exitCode } = await spoor(world, ['show', reference, '--json']);
  if (exitCode !== 0) throw new Error(`spoor show ${reference} exited with ${exitCode}: ${stderr}`);
  return JSON.parse(String(stdout)) as Run;
}

/** The trainer of the world with its configuration. */
export function training(world: World, ...more: string[]): string[] {
  return ['python3', `${world.trainer}/train_network.py`, '--config_file', world.config, ...more];
}
