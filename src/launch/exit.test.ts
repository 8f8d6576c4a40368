import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exitStatusOf, parseExit, readExit, writeExit } from './exit.ts';
import { start, temporaryDirectory } from './testing/world.ts';

const sh = async (script: string) => {
  const { launched } = await start(['/bin/sh', '-c', script]);
  return launched.ended;
};

test.each([0, 1, 2, 42, 126, 127, 128, 200, 255])('an exit status of %i is kept', async (status) => {
  expect(await sh(`exit ${status}`)).toMatchObject({ status, signal: null, certain: true, started: true });
});

test.each(['TERM', 'KILL', 'HUP', 'USR1', 'ABRT', 'SEGV'] as const)('death by SIG%s is told as that', async (name) => {
  const ended = await sh(`ulimit -c 0; kill -s ${name} $$`);
  expect(ended).toMatchObject({ status: null, signal: `SIG${name}`, certain: true });
});

test.each([137, 143, 129])('a trainer that exits with %i was not killed by a signal', async (status) => {
  expect(await sh(`exit ${status}`)).toMatchObject({ status, signal: null, certain: true });
});

test.each(['exit 130', 'kill -s INT $$'])(
  'after `%s` an interrupt is taken as likely, for the shell does not tell',
  async (script) => {
    expect(await sh(script)).toMatchObject({ status: null, signal: 'SIGINT', certain: false });
  },
);

test('Spoor exits as the trainer did, with 128 + n after signal n', async () => {
  expect(exitStatusOf((await sh('exit 3'))!)).toBe(3);
  expect(exitStatusOf((await sh('kill -9 $$'))!)).toBe(137);
});

test('the end is timed by the file, and by its text where a copy lost its time', async () => {
  const { launched, runDirectory } = await start(['true']);
  await launched.ended;
  const file = join(runDirectory, 'exit');
  expect(readExit(runDirectory)!.endedAt).toBe(statSync(file).mtime.toISOString());
  const stated = /ended (.*)/.exec(readFileSync(file, 'latin1'))![1]!;
  utimesSync(file, 0, 0);
  expect(Date.parse(readExit(runDirectory)!.endedAt)).toBe(Date.parse(stated));
});

test('what Spoor itself writes for a trainer on a pty is read back', () => {
  const directory = temporaryDirectory();
  const at = new Date();
  for (const end of [
    { status: 0, signal: 0 },
    { status: 143, signal: 0 },
    { status: 130, signal: 0 },
    { status: 7, signal: 0 },
  ]) {
    writeExit(directory, end, at);
    expect(readExit(directory)).toMatchObject({ status: end.status, signal: null, certain: true });
  }
  writeExit(directory, { status: 0, signal: 2 }, at);
  expect(readExit(directory)).toMatchObject({ status: null, signal: 'SIGINT', certain: true });
});

test('a file that says nothing is no end', () => {
  const directory = temporaryDirectory();
  expect(readExit(directory)).toBeNull();
  writeFileSync(join(directory, 'exit'), ' '.repeat(512));
  expect(readExit(directory)).toBeNull();
});

test('any text is read without failing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('status 137', 'signal KILL', 'signal toString'))),
      (lines) => {
        const ended = parseExit(lines.join('\n'), new Date(0));
        expect(ended === null || (ended.status === null) !== (ended.signal === null)).toBe(true);
      },
    ),
  );
});
