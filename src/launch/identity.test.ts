import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive, processIdentity } from './identity.ts';
import { eventually, start, temporaryDirectory } from './testing/world.ts';

const self = processIdentity(process.pid)!;

test('a living process is alive, and dead once it has ended', async () => {
  const { launched } = await start(['sh', '-c', 'read x']);
  expect(isAlive(processIdentity(process.pid)!)).toBe('alive');
  await launched.ended;
  await eventually(() => isAlive(launched.waiter) === 'dead');
});

test('another process that got the same number is not mistaken for it', () => {
  expect(isAlive({ ...self, startTicks: self.startTicks! - 1 })).toBe('dead');
});

test('a process of another boot is dead, whatever has its number now', () => {
  expect(isAlive({ ...self, bootId: '00000000-0000-0000-0000-000000000000' })).toBe('dead');
});

test('a process of another host or container is not judged', () => {
  expect(isAlive({ ...self, host: 'another-host' })).toBe('unknown-host');
  expect(isAlive({ ...self, pidNamespace: '1' })).toBe('unknown-host');
});

test('a log written since this boot by "another boot" is another machine of the same name', () => {
  const logPath = join(temporaryDirectory(), 'log');
  writeFileSync(logPath, '');
  const elsewhere = { ...self, bootId: '00000000-0000-0000-0000-000000000000' };
  expect(isAlive(elsewhere, { logPath })).toBe('unknown-host');
  utimesSync(logPath, 0, 0);
  expect(isAlive(elsewhere, { logPath })).toBe('dead');
});

test('a child that outlives its launcher keeps the run alive by holding its log', async () => {
  const { launched, log } = await start(['sh', '-c', 'sleep 30 & exit 1']);
  await launched.ended;
  expect(isAlive(launched.waiter)).toBe('dead');
  expect(isAlive(launched.waiter, { logPath: log })).toBe('alive');
});

test('there is no identity of what does not exist', () => {
  expect(processIdentity(2 ** 22 + 1)).toBeNull();
});
