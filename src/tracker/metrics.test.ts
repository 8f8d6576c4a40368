import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRunId } from '../model/run-id.ts';
import { openHome } from '../store/home.ts';
import { MetricsWriter } from '../store/metrics/metrics-writer.ts';
import { followSeries, listSeries, readSeries } from './metrics.ts';

async function makeRun() {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-metrics-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const home = await openHome(join(directory, 'home'), 'lair');
  const id = makeRunId(1_700_000_000_000, new Uint8Array(10));
  return { home, id, folder: home.runs.create(id) };
}

test('the series of trainer and machine are read and followed together, on from where the reader was cut off', async () => {
  const { home, id, folder } = await makeRun();
  const stop = new AbortController();
  const updates = followSeries(home, id, null, stop.signal);
  const first = updates.next();
  const loss = new MetricsWriter(join(folder, 'metrics'), 'events');
  loss.add('loss/current', 'step', 1, 1_700_000_001, 0.5);
  loss.flush();
  const { value } = await first;
  expect(value?.appended.map(({ tag, value: values }) => [tag, ...values])).toEqual([['loss/current', 0.5]]);
  await updates.return(undefined);

  mkdirSync(join(folder, 'machine'));
  const machine = MetricsWriter.resume(join(folder, 'machine'), 'sampler');
  machine.add('machine/cpu', 'time', 1_700_000_002, 1_700_000_002, 93);
  machine.close();
  loss.add('loss/current', 'step', 2, 1_700_000_003, Number.NaN);
  loss.close();
  const second = await followSeries(home, id, value?.cursor ?? null, stop.signal).next();
  expect(second.value?.appended.map(({ tag, value: values }) => [tag, ...values])).toEqual([
    ['loss/current', Number.NaN],
    ['machine/cpu', 93],
  ]);
  expect((await listSeries(home, id)).map(({ tag, points }) => [tag, points])).toEqual([
    ['loss/current', 2],
    ['machine/cpu', 1],
  ]);
  expect([...((await readSeries(home, id, 'machine/cpu'))?.value ?? [])]).toEqual([93]);
  expect(await readSeries(home, id, 'loss/average')).toBeNull();
});

test('following ends with its signal, whether or not the run has series', async () => {
  const { home, id } = await makeRun();
  const stop = new AbortController();
  const next = followSeries(home, id, null, stop.signal).next();
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
