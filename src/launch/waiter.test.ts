import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readExit, statusFile } from './exit.ts';
import { installed, temporaryDirectory } from './testing/world.ts';
import { waiterArguments } from './waiter.ts';

const shells = [['dash'], ['bash'], ['bash', '--posix'], ['zsh', '--emulate', 'sh'], ['busybox', 'sh']] as const;

describe.each(shells.map((words) => [words.join(' '), words] as const))('with %s as /bin/sh', (_, words) => {
  const [shell, ...flags] = [installed(words[0]), ...words.slice(1)];

  function end(argv: string[], bytes?: Map<number, Uint8Array>) {
    const runDirectory = temporaryDirectory();
    const env = { PATH: '/usr/bin:/bin', s: 'kept', n: 'kept' };
    const log = openSync(join(runDirectory, 'log'), 'a');
    const options = { argv, bytes, env, cwd: runDirectory, runDirectory, ignored: [] };
    const { status } = spawnSync(shell!, [...flags, ...waiterArguments(options)], {
      env,
      stdio: ['ignore', log, statusFile(runDirectory), log],
    });
    return { status, ended: readExit(runDirectory) };
  }

  test.skipIf(shell === undefined)('an exit status is kept', () => {
    for (const status of [0, 3, 126, 127, 200]) {
      expect(end(['sh', '-c', `exit ${status}`])).toMatchObject({
        status,
        ended: { status, signal: null, started: true },
      });
    }
  });

  test.skipIf(shell === undefined)('a signal is never taken for an exit, nor is an exit for a certain signal', () => {
    for (const [name, number] of [
      ['KILL', 9],
      ['TERM', 15],
      ['INT', 2],
      ['SEGV', 11],
      ['PIPE', 13],
    ] as const) {
      const killed = end(['sh', '-c', `ulimit -c 0; kill -s ${name} $$`]);
      expect(killed).toMatchObject({ status: 128 + number, ended: { status: null, signal: `SIG${name}` } });
      const { ended } = end(['sh', '-c', `exit ${128 + number}`]);
      if (ended!.signal !== null) expect(ended!.certain).toBe(false);
    }
  });

  test.skipIf(shell === undefined)('words that are no UTF-8 reach the trainer byte for byte', () => {
    const word = Uint8Array.from({ length: 255 }, (_, index) => 255 - index);
    const hex = Buffer.from(word).toString('hex');
    const script = `test "$(printf %s "$1" | od -An -v -tx1 | tr -d ' \\n')" = ${hex} && test "$2" = last`;
    expect(end(['sh', '-c', script, 'sh', '?', 'last'], new Map([[4, word]])).status).toBe(0);
    expect(end(['sh', '-c', script, 'sh', '?', 'last']).status).not.toBe(0);
  });

  test.skipIf(shell === undefined)('its own variables are not seen by the trainer', () => {
    expect(end(['sh', '-c', 'test "$s$n" = keptkept']).status).toBe(0);
  });
});

test('a program that vanished after it was looked up was not started', () => {
  const runDirectory = temporaryDirectory();
  const options = { argv: ['/gone'], env: {}, cwd: '/', runDirectory, ignored: [] };
  const log = openSync(join(runDirectory, 'log'), 'a');
  const { status } = spawnSync(installed('dash') ?? '/bin/sh', waiterArguments(options), {
    stdio: ['ignore', log, statusFile(runDirectory), log],
  });
  expect(status).toBe(127);
  // Shells other than dash do not tell: their 127 is taken for the trainer's.
  if (installed('dash')) expect(readExit(runDirectory)).toMatchObject({ status: 127, started: false });
});
