import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { expect, test } from 'vitest';
import { readExit } from './exit.ts';
import { openLog } from './log.ts';
import { startInPty } from './pty.ts';
import { eventually, temporaryDirectory } from './testing/world.ts';

async function inPty(argv: string[]) {
  const runDirectory = temporaryDirectory();
  const input = new PassThrough();
  const shown: Buffer[] = [];
  const launched = await startInPty({
    runId: basename(runDirectory),
    argv,
    cwd: runDirectory,
    env: process.env,
    runDirectory,
    log: await openLog(join(runDirectory, 'log')),
    columns: 91,
    rows: 33,
    input: input as unknown as ReadStream,
    show: (bytes) => shown.push(Buffer.from(bytes)),
  });
  return { launched, input, runDirectory, screen: () => Buffer.concat(shown).toString() };
}

test('the trainer has a terminal of the right size; output, log and status are kept', async () => {
  const { launched, runDirectory, screen } = await inPty([
    'sh',
    '-c',
    'test -t 1 && stty size; printf "\\303\\251\\377"; exit 9',
  ]);
  expect(await launched.ended).toMatchObject({ status: 9, signal: null, certain: true });
  expect(screen()).toContain('33 91');
  expect(readFileSync(join(runDirectory, 'log')).includes(Buffer.from([0xc3, 0xa9, 0xff]))).toBe(true);
  expect(readExit(runDirectory)).toMatchObject({ status: 9 });
  expect(launched.warnings).toMatchObject([{ code: 'pty-depends-on-spoor' }]);
});

test('what is typed reaches it, Ctrl-C as a signal', async () => {
  const { launched, input, screen } = await inPty(['sh', '-c', 'read line; echo "[$line]"; exec sleep 30']);
  input.write('hello\r');
  await eventually(() => screen().includes('[hello]'), screen);
  input.write('\x03');
  expect(await launched.ended).toMatchObject({ status: null, signal: 'SIGINT', certain: true });
});

test('it is resized and signalled', async () => {
  const { launched, screen } = await inPty([
    'sh',
    '-c',
    'trap "stty size" WINCH; echo READY; while :; do sleep 0.02; done',
  ]);
  await eventually(() => screen().includes('READY'), screen);
  launched.resize(120, 40);
  await eventually(() => screen().includes('40 120'), screen);
  launched.signal('SIGTERM');
  expect(await launched.ended).toMatchObject({ signal: 'SIGTERM' });
});
