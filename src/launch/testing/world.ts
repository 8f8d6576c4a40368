import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { openLog } from '../log.ts';
import { type Launched, type StartOptions, startTrainer } from '../start.ts';
import { signalEach } from '../stop.ts';

export const playRun = join(import.meta.dirname, 'play-run.ts');

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-launch-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Waits for what a real process does; fails after 20 s with what `describe` tells. */
export async function eventually<T>(look: () => T, describe: () => string = () => look.toString()): Promise<T & {}> {
  for (const deadline = performance.now() + 45_000; performance.now() < deadline; await delay(10)) {
    const value = look();
    if (value !== null && value !== undefined && value !== false) return value as T & {};
  }
  throw new Error(`did not happen within 45 s: ${describe()}`);
}

export interface Played {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  exit: Promise<number | NodeJS.Signals>;
}

/** Starts `spoor run` as tests play it. */
export function play(runDirectory: string, mode: string, argv: string[], options: SpawnOptions = {}): Played {
  const child = spawn(process.execPath, [playRun, runDirectory, mode, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
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

/** Starts a trainer in this very process; what lives of it after the test is killed. */
export async function start(
  argv: string[],
  options: Partial<StartOptions> = {},
): Promise<{ launched: Launched; runId: string; runDirectory: string; log: string }> {
  const runDirectory = options.runDirectory ?? temporaryDirectory();
  const log = join(runDirectory, 'log');
  const runId = basename(runDirectory);
  const launched = startTrainer({
    runId,
    argv,
    cwd: runDirectory,
    env: process.env,
    runDirectory,
    log: await openLog(log),
    mode: 'detached',
    ...options,
  });
  onTestFinished(() => {
    // A short-lived child of the trainer may have ended by itself meanwhile.
    signalEach({ runId, waiter: launched.waiter }, 'SIGKILL');
  });
  return { launched, runId, runDirectory, log };
}

/**
 * A trainer in Python that says `READY`, then tells each signal it gets as `GOT SIGINT`, and exits
 * with 7 half a second after the first that may end it, so that a second one would be seen.
 */
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
for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGWINCH, signal.SIGCONT):
    if signal.getsignal(s) != signal.SIG_IGN:
        signal.signal(s, got)
print('READY', flush=True)
while time.time() < end:
    time.sleep(0.02)
print('ENDED', flush=True)
raise SystemExit(7)
`,
];

export function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Whether `name` is installed, for tests of particular shells. */
export function installed(name: string): string | undefined {
  return ['/bin', '/usr/bin', '/usr/local/bin'].map((at) => join(at, name)).find((path) => existsSync(path));
}
