import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processIdentity } from './identity.ts';
import { findTrainer } from './start.ts';
import { eventually, play, start, temporaryDirectory } from './testing/world.ts';
import { waitForExit } from './wait.ts';

const printArguments = ['python3', '-c', 'import sys; sys.stdout.write("".join(a + "\\0" for a in sys.argv[1:]))'];

test('arguments arrive untouched', async () => {
  const odd = [
    '',
    ' ',
    "it's",
    '"q"',
    'a\nb',
    '-n',
    '--',
    '$HOME `id` $(id) \\',
    '*',
    'é 猫',
    'x=1',
    '\t',
    '\r\n',
    '!',
    '~',
  ];
  const { launched, log } = await start([...printArguments, ...odd]);
  await launched.ended;
  expect(readFileSync(log, 'utf8')).toBe(odd.map((each) => `${each}\0`).join(''));
});

test('any arguments arrive untouched', async () => {
  const argument = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\0', '').toWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { maxLength: 8 }), async (args) => {
      const { launched, log } = await start([...printArguments, ...args]);
      await launched.ended;
      expect(readFileSync(log, 'utf8')).toBe(args.map((each) => `${each}\0`).join(''));
    }),
    { numRuns: 12 },
  );
});

test('the environment arrives as it is, exported functions and odd names included, with the marker', async () => {
  const env = {
    PATH: process.env.PATH ?? '',
    'BASH_FUNC_module%%': '() {  echo $1\n}',
    'a.b-c': '1',
    IFS: 'x',
    OPTIND: '7',
    PWD: '/not/here',
    s: 'mine',
    n: 'mine',
    EMPTY: '',
  };
  const { launched, runId, log } = await start(['env', '-0'], { env });
  await launched.ended;
  const seen = Object.fromEntries(
    readFileSync(log, 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(seen).toMatchObject({ ...env, SPOOR_RUN: runId });
});

test('a program whose path holds an equals sign is started all the same', async () => {
  const directory = join(temporaryDirectory(), 'lr=1e-4');
  mkdirSync(directory);
  const program = join(directory, 'train');
  writeFileSync(program, '#!/bin/sh\necho "$ODD_IS_SET" trained\n');
  chmodSync(program, 0o755);
  const { launched, log } = await start([program], { env: { PATH: '/usr/bin:/bin', 'odd.name': '1' } });
  expect((await launched.ended)?.status).toBe(0);
  expect(readFileSync(log, 'utf8')).toBe(' trained\n');
});

test('a program is started, not the shell builtin of its name', async () => {
  const directory = temporaryDirectory();
  for (const name of ['exit', 'cd', 'eval', 'echo']) {
    writeFileSync(join(directory, name), '#!/bin/sh\nbasename "$0"\n');
    chmodSync(join(directory, name), 0o755);
    const { launched, log } = await start([name, '9'], { env: { PATH: `${directory}:/usr/bin:/bin` } });
    expect((await launched.ended)?.status).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe(`${name}\n`);
  }
});

test('without PATH or anything else in the environment the status is kept all the same', async () => {
  const { launched, runDirectory } = await start(['/bin/sh', '-c', 'exit 5'], { env: {} });
  expect((await launched.ended)?.status).toBe(5);
  expect(existsSync(join(runDirectory, 'exit'))).toBe(true);
});

test('standard output and standard error stand in the log in the order of writing', async () => {
  const { launched, log } = await start(['sh', '-c', 'for i in 1 2 3; do echo out $i; echo err $i >&2; done']);
  await launched.ended;
  expect(readFileSync(log, 'utf8')).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n');
});

test("the trainer's own 127 is its own", async () => {
  const { launched } = await start(['sh', '-c', 'exit 127']);
  expect(await launched.ended).toMatchObject({ status: 127, started: true });
});

test('a program that does not exist is refused before anything is started', async () => {
  await expect(start(['no-such-trainer'])).rejects.toMatchObject({ code: 'no-such-command', exitStatus: 127 });
});

test('the trainer is found under its waiter', async () => {
  const { launched } = await start(['sleep', '30']);
  const trainer = await findTrainer(launched.waiter);
  await eventually(() => readFileSync(`/proc/${trainer!.pid}/cmdline`, 'latin1') === 'sleep\u000030\0');
  expect(processIdentity(trainer!.pid)).toEqual(trainer);
});

test('with its directory gone the trainer runs on and its status is still told', async () => {
  const { launched, runDirectory } = await start(
    ['sh', '-c', 'read x </dev/null; while [ -e "$0" ]; do :; done; exit 9', '/dev/null/x'],
    {
      cwd: '/',
    },
  );
  rmSync(runDirectory, { recursive: true });
  expect(await launched.ended).toMatchObject({ status: 9 });
});

test('after kill -9 of the main process the trainer ends naturally, its log is whole and its status kept', async () => {
  const runDirectory = temporaryDirectory();
  const go = join(runDirectory, 'go');
  const trainer = ['sh', '-c', 'echo one; while [ ! -e "$0" ]; do sleep 0.01; done; seq 1 5000; exit 6', go];
  const { child, out, exit } = play(runDirectory, 'attached', trainer);
  await eventually(() => out().includes('one'));
  const waiter = processIdentity(
    Number(execFileSync('pgrep', ['-P', String(child.pid), '-f', 'waits for the trainer'], { encoding: 'utf8' })),
  )!;
  child.kill('SIGKILL');
  expect(await exit).toBe('SIGKILL');
  writeFileSync(go, '');
  expect(await waitForExit(runDirectory, waiter)).toMatchObject({ status: 6 });
  const expected = spawnSync('sh', ['-c', 'echo one; seq 1 5000'], { encoding: 'utf8' }).stdout;
  expect(readFileSync(join(runDirectory, 'log'), 'utf8')).toBe(expected);
});

test('what the main process shows is the log, and it exits with the same status', async () => {
  const runDirectory = temporaryDirectory();
  const { out, exit } = play(runDirectory, 'attached', ['sh', '-c', 'printf "10%%\\r20%%\\r"; echo done; exit 4']);
  expect(await exit).toBe(4);
  expect(out()).toBe('10%\r20%\rdone\n');
});

test('standard input is inherited', async () => {
  const { child, out, exit } = play(temporaryDirectory(), 'attached', ['cat'], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin!.end('typed\n');
  expect(await exit).toBe(0);
  expect(out()).toBe('typed\n');
});

test('a reader that goes away does not stop the trainer', async () => {
  const runDirectory = temporaryDirectory();
  const { child, out, exit } = play(runDirectory, 'attached', [
    'sh',
    '-c',
    'seq 1 20000; sleep 0.2; seq 1 20000; exit 3',
  ]);
  await eventually(() => out() !== '');
  child.stdout!.destroy();
  expect(await exit).toBe(3);
  expect(readFileSync(join(runDirectory, 'log'), 'utf8').split('\n')).toHaveLength(40_001);
});

test('a command longer than the system allows is refused with what to do', async () => {
  await expect(start(['true', 'x'.repeat(200_000)])).rejects.toMatchObject({ code: 'command-too-long' });
});

test('a working directory that is gone is named', async () => {
  const cwd = join(temporaryDirectory(), 'gone');
  await expect(start(['true'], { cwd })).rejects.toMatchObject({ code: 'cannot-start' });
});

test('a trainer that ends at once still has a waiter with a name', async () => {
  const { launched } = await start(['true']);
  expect(launched.waiter.startTicks).not.toBeNull();
  expect(await launched.ended).toMatchObject({ status: 0 });
});
