/** What the tests of `spoor run` share: worlds, waiting for what real processes do, and finding them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { spoorBin } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

export { count, eventually, signalCounter } from '../../src/launch/testing/world.ts';

/** A world that is gone after the test, with every process that was started in it. */
export function temporaryWorld(): World {
  const world = makeWorld();
  onTestFinished(() => endWorld(world));
  return world;
}

/** Ends every process that was started in it, and removes it. */
export async function endWorld(world: World): Promise<void> {
  for (let round = 0; round < 50 && killAll(world) > 0; round++) await delay(20);
  world.remove();
}

function killAll(world: World): number {
  const pids = processesOf(world);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  return pids.length;
}

/** Living processes whose environment names the world's home. */
export function processesOf(world: World): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => read(`/proc/${pid}/environ`).includes(`\0HOME=${world.env.HOME}\0`) && stateOf(pid) !== 'Z');
}

/** Those of them whose command line holds the text. */
export function processesNamed(world: World, text: string): number[] {
  return processesOf(world).filter((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').includes(text));
}

export const recorders = (world: World) => processesNamed(world, 'dist/recorder.js');
export const waiters = (world: World) => processesNamed(world, 'waits for the trainer');

/** `R`, `S`, `T`, `Z`, …; null for a process that is gone. */
export function stateOf(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? null : stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}

function read(path: string): string {
  try {
    // A first variable has no NUL before it.
    return `\0${readFileSync(path, 'latin1')}`.slice(path.endsWith('environ') ? 0 : 1);
  } catch {
    return '';
  }
}

export interface Started {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** Exit status, or the name of the signal. */
  exit: Promise<number | NodeJS.Signals>;
}

/** Starts `spoor ARGS` and goes on. */
export function start(
  world: World,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; detached?: boolean; stdin?: 'pipe' } = {},
): Started {
  const child = spawn(process.execPath, [spoorBin, ...args], {
    cwd: options.cwd ?? world.root,
    env: { ...world.env, ...options.env },
    detached: options.detached ?? false,
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr?.on('data', (bytes) => {
    err += bytes;
  });
  const exit = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return { child, out: () => out, err: () => err, exit };
}

/** The only run of the world, looked at without any command of Spoor. */
export function folderOf(world: World): string {
  const [name = 'none'] = existsSync(join(world.spoorHome, 'runs')) ? readdirSync(join(world.spoorHome, 'runs')) : [];
  return join(world.spoorHome, 'runs', name);
}

/** The last `ended` fact that stands in the only run's files, without any command of Spoor. */
export function endedFact(world: World): Pick<Run, 'status' | 'exitCode' | 'signal' | 'diagnosis'> | null {
  const folder = folderOf(world);
  const lines = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    : [];
  const found = lines.findLast((line) => line.includes('"type":"ended"') && line.endsWith('}'));
  return found === undefined ? null : JSON.parse(found);
}

/** A trainer under the test's control: it says READY, then waits for the file `go`. */
export function held(world: World): { env: Record<string, string>; ready(): boolean; go(): void } {
  const at = (name: string) => join(world.root, name);
  return {
    env: { T_READY: at('ready'), T_HOLD: at('go') },
    ready: () => existsSync(at('ready')),
    go: () => void world.write(at('go'), ''),
  };
}
