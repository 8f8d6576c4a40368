import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, test } from 'vitest';
import { readExit } from './exit.ts';
import { processIds, processStat, startedWith } from './processes.ts';
import { count, eventually, installed, playRun, signalCounter, temporaryDirectory } from './testing/world.ts';

const shells = ['bash', 'zsh', 'sh'].map((name) => [name, installed(name)] as const);

/** An interactive shell on a terminal, and a file with the trainer that counts signals. */
function terminal(shell: string) {
  const runDirectory = temporaryDirectory();
  const marker = `SPOOR_TERMINAL=${runDirectory}`;
  const args = shell.endsWith('zsh') ? ['-f', '-i'] : shell.endsWith('bash') ? ['--norc', '--noprofile', '-i'] : ['-i'];
  const pty = spawn(shell, args, {
    cols: 80,
    rows: 24,
    cwd: runDirectory,
    env: {
      PATH: process.env.PATH,
      TERM: 'dumb',
      PS1: '$ ',
      NODE: process.execPath,
      SPOOR_TERMINAL: runDirectory,
      PLAY: playRun,
      TRAINER: signalCounter[2]!,
    },
  });
  let screen = '';
  pty.onData((text) => {
    screen += text;
  });
  onTestFinished(() => {
    try {
      for (const pid of processIds()) if (startedWith(pid, marker)) process.kill(pid, 'SIGKILL');
      process.kill(pty.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return {
    pty,
    screen: () => screen,
    runDirectory,
    log: () => {
      try {
        return readFileSync(join(runDirectory, 'log'), 'utf8');
      } catch {
        return '';
      }
    },
    /** Closes the terminal, as a window or a connection that goes away. */
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    /** The trainer's pid. */
    trainer: () =>
      processIds().find((pid) => {
        try {
          return (
            startedWith(pid, marker) &&
            readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0', 1)[0]!.includes('python')
          );
        } catch {
          return false;
        }
      }),
    /** Runs the counter under Spoor and waits until it is ready. */
    async run(mode = 'attached') {
      pty.write(`"$NODE" "$PLAY" . ${mode} python3 -c "$TRAINER"; echo "status=$?"\r`);
      await eventually(
        () => screen.includes('READY'),
        () => screen,
      );
      await eventually(
        () => processIds().some((pid) => witness(pid, pty.pid)),
        () => screen,
      );
    },
  };
}

function witness(pid: number, shell: number): boolean {
  try {
    const parent = processStat(pid)!.parent;
    return (
      readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('spoor-witness') && processStat(parent)?.parent === shell
    );
  } catch {
    return false;
  }
}

test.each(shells)('in %s Ctrl-C reaches the trainer once', async (_, shell) => {
  if (shell === undefined) return;
  const { pty, run, screen } = terminal(shell);
  await run();
  pty.write('\x03');
  await eventually(() => /status=\d/.test(screen()), screen);
  expect(screen()).toContain('ENDED');
  expect(count(screen(), 'GOT SIGINT')).toBe(1);
});

test.each(shells.slice(0, 2))('in %s Ctrl-Z stops the run and fg continues it', async (_, shell) => {
  if (shell === undefined) return;
  const { pty, run, screen, trainer } = terminal(shell);
  await run();
  pty.write('\x1a');
  const stopped = trainer()!;
  await eventually(() => processStat(stopped)?.state === 'T', screen);
  pty.write('fg\r');
  await eventually(() => screen().includes('GOT SIGCONT'), screen);
  pty.write('\x03');
  await eventually(() => screen().includes('ENDED'), screen);
  expect(count(screen(), 'GOT SIGINT')).toBe(1);
});

test('resizing the terminal reaches the trainer', async () => {
  const { pty, run, screen } = terminal('/bin/sh');
  await run();
  pty.resize(100, 30);
  await eventually(() => screen().includes('GOT SIGWINCH'), screen);
  pty.write('\x03');
  await eventually(() => screen().includes('ENDED'), screen);
});

test('when the terminal closes, the trainer is hung up as without Spoor and its end is recorded', async () => {
  const { run, log, runDirectory, hangUp } = terminal(installed('bash') ?? '/bin/sh');
  await run();
  hangUp();
  await eventually(() => readExit(runDirectory), log);
  expect(readExit(runDirectory)).toMatchObject({ status: 7 });
  // The shell sends one to its jobs and the kernel one to the foreground group; none comes from Spoor.
  expect(count(log(), 'GOT SIGHUP')).toBeOneOf([1, 2]);
});

test('under nohup the trainer ignores the hang-up', async () => {
  const { pty, run, log, runDirectory, hangUp, trainer } = terminal(installed('bash') ?? '/bin/sh');
  await run('nohup');
  hangUp();
  const pid = trainer()!;
  await eventually(() => processStat(pty.pid) === null || processStat(pty.pid)?.state === 'Z');
  expect(readFileSync(`/proc/${pid}/status`, 'latin1')).toMatch(/^SigIgn:\t[0-9a-f]*[13579bdf]$/m);
  expect(log()).not.toContain('SIGHUP');
  process.kill(pid, 'SIGTERM');
  await eventually(() => readExit(runDirectory), log);
  expect(count(log(), 'GOT SIGTERM')).toBe(1);
});

test('a detached trainer survives its terminal', async () => {
  const { pty, screen, log, runDirectory, hangUp, trainer } = terminal('/bin/sh');
  pty.write(`"$NODE" "$PLAY" . detached python3 -c "$TRAINER"; echo "status=$?"\r`);
  await eventually(() => screen().includes('status=0') && log().includes('READY'), screen);
  hangUp();
  await eventually(() => processStat(pty.pid) === null || processStat(pty.pid)?.state === 'Z');
  const pid = trainer()!;
  process.kill(pid, 'SIGTERM');
  await eventually(() => readExit(runDirectory), log);
  expect(log()).not.toContain('SIGHUP');
  expect(readExit(runDirectory)).toMatchObject({ status: 7 });
});
