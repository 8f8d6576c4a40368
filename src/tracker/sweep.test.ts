import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../store/home.ts';
import { temporaryName } from '../store/temporary.ts';
import { sweepHome } from './sweep.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-sweep-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const day = 24 * 60 * 60 * 1000;
/** No process has it: the kernel counts no further than 4,194,304. */
const deadPid = 4_194_305;

test('what a killed process left half-written is removed after a day, what lives or is named otherwise stays', async () => {
  const home = await openHome(directory);
  const of = (pid: number) => temporaryName().replace(`-${process.pid}-`, `-${pid}-`);
  const at = (...parts: string[]) => join(directory, ...parts);
  const dead = [at('cache', of(deadPid)), at('cache/git', of(deadPid)), at('objects/ab', of(deadPid))];
  const stay = [at('cache', temporaryName()), at('cache/git', temporaryName()), at('cache/hashes-1')];
  for (const path of [...dead, ...stay]) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'index'), 'x');
    utimesSync(path, new Date(Date.now() - 2 * day), new Date(Date.now() - 2 * day));
  }
  await sweepHome(home, new Date());
  expect(dead.filter(existsSync)).toEqual([]);
  expect(stay.filter((path) => !existsSync(path))).toEqual([]);
});

test('the home is swept once a day', async () => {
  const home = await openHome(directory);
  await sweepHome(home, new Date());
  const left = join(directory, 'cache', temporaryName().replace(`-${process.pid}-`, `-${deadPid}-`));
  writeFileSync(left, 'x');
  utimesSync(left, new Date(Date.now() - 2 * day), new Date(Date.now() - 2 * day));
  await sweepHome(home, new Date());
  expect(existsSync(left)).toBe(true);
  await sweepHome(home, new Date(Date.now() + 1.5 * day));
  expect(existsSync(left)).toBe(false);
});
