import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { SeriesSink } from '../../model/metrics.ts';
import { standInGpu, standInNvidiaSmi } from '../testing/nvidia-smi.ts';
import { type SamplerOptions, sampleMachine } from './sampler.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-sampler-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

class Sink implements SeriesSink {
  readonly points = new Map<string, { time: number; value: number }[]>();
  flushed = 0;
  closed = false;

  add(tag: string, _axis: 'step' | 'epoch' | 'time', step: number, time: number, value: number): boolean {
    expect(step).toBe(time);
    this.points.set(tag, [...(this.points.get(tag) ?? []), { time, value }]);
    return true;
  }

  flush(): void {
    this.flushed++;
  }

  close(): void {
    this.closed = true;
  }

  count(tag: string): number {
    return this.points.get(tag)?.length ?? 0;
  }
}

function sampling(sink: SeriesSink, more: Partial<SamplerOptions> = {}) {
  const sampler = sampleMachine({
    sink,
    pids: () => [process.pid],
    outputDir: join(directory, 'not/there/yet'),
    home: directory,
    nvidia: null,
    everyMs: 20,
    ...more,
  });
  onTestFinished(() => sampler.stop());
  return sampler;
}

const until = (done: () => boolean) => vi.waitUntil(done, { timeout: 20_000, interval: 10 });

test('processor, memory, disk, processes and GPUs become series over time, what there is in all a point', async () => {
  const { program } = standInNvidiaSmi(directory, [standInGpu(0), standInGpu(1, { 'power.draw': '[N/A]' })]);
  const sink = new Sink();
  const sampler = sampling(sink, { nvidia: { program, env: { PATH: process.env.PATH } } });
  await until(() => sink.count('machine/gpu1/utilisation') > 3 && sink.count('machine/cpu') > 3);
  sampler.stop();
  const tags = [...sink.points.keys()].sort();
  expect(tags).toEqual([
    'machine/cpu',
    'machine/disk-free',
    'machine/gpu0/memory',
    'machine/gpu0/memory-total',
    'machine/gpu0/power',
    'machine/gpu0/temperature',
    'machine/gpu0/utilisation',
    'machine/gpu1/memory',
    'machine/gpu1/memory-total',
    'machine/gpu1/temperature',
    'machine/gpu1/utilisation',
    'machine/memory',
    'machine/memory-total',
    'machine/process-memory',
  ]);
  expect(sink.count('machine/gpu0/memory-total')).toBe(1);
  expect(sink.points.get('machine/gpu0/memory')![0]!.value).toBe(20_480 * 2 ** 20);
  expect(sink.points.get('machine/disk-free')![0]!.value).toBeGreaterThan(0);
  const [memory, total] = ['machine/memory', 'machine/memory-total'].map((tag) => sink.points.get(tag)![0]!.value);
  expect(memory).toBeLessThan(total!);
  expect(sink.flushed).toBeGreaterThan(3);
  expect(sink.closed).toBe(true);
});

test('a driver that hangs costs the samples of the GPUs, and no others', async () => {
  const { program } = standInNvidiaSmi(directory, [], 'hangs');
  const sink = new Sink();
  const nvidia = { program, env: { PATH: process.env.PATH }, hungMs: 100, retryMs: [] };
  const sampler = sampling(sink, { nvidia });
  await until(() => sampler.trouble !== null);
  const seen = sink.count('machine/memory');
  await until(() => sink.count('machine/memory') > seen + 3);
});

test('a sink that fails for a while is used again when it can', async () => {
  const sink = new Sink();
  let full = true;
  let refused = 0;
  const add = sink.add.bind(sink);
  sink.add = (...point) => {
    if (full) {
      refused++;
      throw new Error('ENOSPC');
    }
    return add(...point);
  };
  sampling(sink);
  await until(() => refused > 2);
  full = false;
  await until(() => sink.count('machine/memory') > 2);
});
