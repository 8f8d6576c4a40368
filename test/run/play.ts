/** What the tests of `spoor run` share: worlds, waiting for what real processes do, and finding them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { spoorBin } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

/** A world that is gone after the test, with every process that was started in it. */
export function temporaryWorld(): World {
  const world = makeWorld();
  onTestFinished(async () => {
    for (let round = 0; round < 50 && killAll(world) > 0; round++) await delay(20);
    world.remove();
  });
  return world;
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

/** Waits for what a real process does; fails after 20 s. */
export async function eventually<T>(look: () => T, what: () => string = () => look.toString()): Promise<T & {}> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await delay(10)) {
    const value = look();
    if (value !== null && value !== undefined && value !== false) return value as T & {};
  }
  throw new Error(`did not happen within 20 s: ${what()}`);
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

/** `python3 -c` with a script that counts signals; ends with 7 half a second after the first that may end it. */
export const signalCounter = [
  'python3',
  '-c',
  `
import signal, time
end = time.time() + 30
def got(number, frame):
    global end
    name = signal.Signals(number).name
    print('GOT', name, flush=True)
    if name not in ('SIGWINCH', 'SIGCONT'):
        end = min(end, time.time() + 0.5)
for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGWINCH, signal.SIGCONT):
    if signal.getsignal(s) != signal.SIG_IGN:
        signal.signal(s, got)
print('READY', flush=True)
while time.time() < end:
    time.sleep(0.02)
print('ENDED', flush=True)
raise SystemExit(7)
`,
];

export const count = (text: string, part: string) => text.split(part).length - 1;
