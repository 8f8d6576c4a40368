import { appendFile, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sdScripts } from '../trainers/sd-scripts/sd-scripts.ts';
import { followLog, readLogEnds, readLogState } from './log.ts';
import { wordReader } from './testing/stand-in.ts';

let directory: string;
let path: string;
const reader = wordReader;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spoor-log-'));
  path = join(directory, 'log');
});
afterEach(() => rm(directory, { recursive: true }));

test('a log that does not exist yet is an empty one', async () => {
  const log = followLog({ path, reader });
  expect(await log.poll()).toEqual({ bytes: 0, more: false });
  await writeFile(path, 'steps: 1\n');
  await log.poll();
  expect(log.state().progress.step).toBe(1);
});

test('each poll reads only what is new', async () => {
  await writeFile(path, 'steps: 1\r');
  const log = followLog({ path, reader });
  expect((await log.poll()).bytes).toBe(9);
  expect((await log.poll()).bytes).toBe(0);
  await appendFile(path, 'steps: 2\r');
  expect((await log.poll()).bytes).toBe(9);
  expect(log.state().progress.step).toBe(2);
});

test('a poll takes no more than it is allowed and says that there is more', async () => {
  await writeFile(path, 'x'.repeat(1000));
  const log = followLog({ path, reader });
  expect(await log.poll(600)).toEqual({ bytes: 600, more: true });
  expect(await log.poll(600)).toEqual({ bytes: 400, more: false });
});

test('however a log grows, following it gives what reading it at once gives', async () => {
  const pieces = fc.array(
    fc.constantFrom('steps: 7\n', 'saving checkpoint: 学習.safetensors\n', 'ste', 'ps: 12\r', '\n'),
  );
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 40 }), async (written, most) => {
      await rm(path, { force: true });
      const log = followLog({ path, reader });
      for (const piece of written) {
        await appendFile(path, piece);
        while ((await log.poll(most)).more);
      }
      expect(log.state()).toEqual(await readLogState(path, reader()));
    }),
    { numRuns: 50 },
  );
});

test('a log that was cut is read again from its start', async () => {
  await writeFile(path, 'saving checkpoint: a\nsteps: 100\n');
  const log = followLog({ path, reader });
  await log.poll();
  await truncate(path, 0);
  await writeFile(path, 'steps: 1\n');
  await log.poll();
  expect(log.state()).toEqual(await readLogState(path, reader()));
  expect(log.state().saved).toEqual([]);
});

test('a log that was cut and has since grown beyond its old size is noticed', async () => {
  await writeFile(path, 'saving checkpoint: a\n');
  const log = followLog({ path, reader });
  await log.poll();
  await writeFile(path, 'saving checkpoint: b\nsaving checkpoint: c\n');
  await log.poll();
  expect(log.state().saved).toEqual(['b', 'c']);
});

test('a log that was replaced by another file is read from its start', async () => {
  await writeFile(path, 'saving checkpoint: a\n');
  const log = followLog({ path, reader });
  await log.poll();
  await writeFile(`${path}.new`, 'saving checkpoint: a\nsteps: 3\n');
  await rename(`${path}.new`, path);
  await log.poll();
  expect(log.state()).toEqual(await readLogState(path, reader()));
});

test('a log that vanishes leaves what it said', async () => {
  await writeFile(path, 'steps: 5\n');
  const log = followLog({ path, reader });
  await log.poll();
  await rm(path);
  await log.poll();
  expect(log.state().progress.step).toBe(5);
});

test('a device in place of the log is not read', async () => {
  await symlink('/dev/zero', path);
  expect(await followLog({ path, reader }).poll()).toEqual({ bytes: 0, more: false });
  expect((await readLogState(path, reader())).tail).toEqual([]);
});

test('the ends of a long log are cut at lines, never within one or within a character', async () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `学習 ${i}`);
  await writeFile(path, `${lines.join('\n')}\nsteps: 9\n`);
  for (const most of [100, 101, 102, 103]) {
    const { log } = await readLogEnds(path, reader(), { head: most + 20, tail: most });
    expect(log.progress.step).toBe(9);
    expect(lines).toContain(log.tail[0]);
    expect(log.tail.every((line) => lines.includes(line) || line === 'steps: 9')).toBe(true);
    expect(log.tail.length).toBeLessThan(50);
  }
});

test('the ends of a short log are the whole', async () => {
  await writeFile(path, 'saving checkpoint: a\nsteps: 9\n');
  expect((await readLogEnds(path, reader(), { head: 1000, tail: 1000 })).log).toEqual(
    await readLogState(path, reader()),
  );
});

test('of a long log, what was announced at its start is known where it stands now', async () => {
  const bars = Array.from({ length: 30_000 }, (_, step) => `\rsteps: 1%|# | ${step}/90000 [00:10<00:20, 9.00it/s]`);
  await writeFile(path, `  num epochs / epoch数: 7\nepoch 1/7\n${bars.join('')}`);
  const { log, writtenAt } = await readLogEnds(path, sdScripts.logReader(), { head: 4096, tail: 4096 });
  expect(log.announced.num_epochs).toBe(7);
  expect(log.progress).toMatchObject({ step: 29_999, total: 90_000, epochs: 7 });
  expect(writtenAt).toBeGreaterThan(Date.now() - 60_000);
});
