import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processStat } from './processes.ts';
import { eventually, play, temporaryDirectory } from './testing/world.ts';

const living = (pid: number) => !['Z', undefined].includes(processStat(pid)?.state);
const script = 'sleep 30 & echo "$$ $!"; echo READY; wait';

async function playTied() {
  const runDirectory = temporaryDirectory();
  const { child, exit, out, err } = play(runDirectory, 'tied', ['sh', '-c', script], { detached: true });
  await eventually(() => out().includes('READY') && err().includes('TIED'), err);
  const [trainer = 0, its = 0] = out().split(/\s/).map(Number);
  return { child, exit, runDirectory, trainer, its };
}

test('kill -9 of Spoor kills the process that stands in its place, and no other, as it would have', async () => {
  const { child, exit, runDirectory, trainer, its } = await playTied();
  expect([living(trainer), living(its)]).toEqual([true, true]);
  child.kill('SIGKILL');
  await exit;
  await eventually(() => existsSync(join(runDirectory, 'exit')));
  expect(readFileSync(join(runDirectory, 'exit'), 'latin1')).toContain('signal KILL');
  expect(readFileSync(join(runDirectory, 'stop'), 'latin1')).toBe('SIGKILL\n');
  expect([living(trainer), living(its)]).toEqual([false, true]);
  process.kill(its, 'SIGKILL');
});

test('a trainer outlives a Spoor that crashes', async () => {
  const { child, exit, runDirectory, trainer, its } = await playTied();
  writeFileSync(join(runDirectory, 'crash'), '');
  expect(await exit).not.toBe(0);
  expect(child.pid).toBeGreaterThan(0);
  expect([living(trainer), existsSync(join(runDirectory, 'stop'))]).toEqual([true, false]);
  for (const pid of [trainer, its]) process.kill(pid, 'SIGKILL');
});
