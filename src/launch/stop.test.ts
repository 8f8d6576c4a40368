import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readExit } from './exit.ts';
import { stopRun } from './stop.ts';
import { count, eventually, signalCounter, start } from './testing/world.ts';
import { trainerProcesses } from './tree.ts';

test('a detached run is stopped politely, once, and its end is recorded', async () => {
  const { launched, runId, runDirectory, log } = await start(signalCounter);
  await eventually(() => readFileSync(log, 'utf8').includes('READY'));
  expect(await stopRun({ runId, waiter: launched.waiter })).toBe('stopped');
  await launched.ended;
  expect(count(readFileSync(log, 'utf8'), 'GOT SIGTERM')).toBe(1);
  expect(readExit(runDirectory)).toMatchObject({ status: 7 });
});

test('one that does not listen runs on, unless it is to be killed', async () => {
  const { launched, runId, log } = await start(['sh', '-c', 'trap "" TERM; echo READY; while :; do sleep 0.05; done']);
  await eventually(() => readFileSync(log, 'utf8').includes('READY'));
  const run = { runId, waiter: launched.waiter };
  expect(await stopRun(run, { grace: 150 })).toBe('still-running');
  expect(await stopRun(run, { grace: 150, kill: true })).toBe('killed');
  expect(await launched.ended).toMatchObject({ signal: 'SIGKILL', certain: true });
});

test('a child in a session of its own, whose launcher is dead, is reached by the marker', async () => {
  const { launched, runId, log } = await start(['sh', '-c', 'setsid sh -c "echo READY; exec sleep 30" & exit 0']);
  await launched.ended;
  await eventually(() => readFileSync(log, 'utf8').includes('READY'));
  const run = { runId, waiter: launched.waiter };
  expect(trainerProcesses(run)).toHaveLength(1);
  expect(await stopRun(run)).toBe('stopped');
  expect(trainerProcesses(run)).toEqual([]);
});

test('to a run of another host nothing is sent', async () => {
  const { launched, runId } = await start(['sleep', '30']);
  const run = { runId, waiter: { ...launched.waiter, host: 'another-host' } };
  expect(await stopRun(run)).toBe('unknown-host');
  await eventually(() => trainerProcesses({ runId, waiter: launched.waiter }).length > 0);
});

test('what has ended is stopped', async () => {
  const { launched, runId } = await start(['true']);
  await launched.ended;
  expect(await stopRun({ runId, waiter: launched.waiter })).toBe('stopped');
});
