import { describe, expect, test } from 'vitest';
import type { Setting } from '../../model/facts.ts';
import type { SeriesPoints } from '../../model/metrics.ts';
import { gpusOfRun } from './gpus-of-run.ts';
import { type MachineSeries, machineUse } from './machine-use.ts';
import { memoryStory } from './memory-story.ts';

const gb = 1e9;
const start = Date.parse('2026-11-03T10:00:00.000Z');
const gpu = (index: number) => ({ name: `card ${index}`, uuid: `GPU-${index}aaa`, memoryBytes: 24 * gb });
const environment = (count: number, variables: Record<string, string> = {}) => ({
  gpus: Array.from({ length: count }, (_, index) => gpu(index)),
  variables,
});

/** Values every minute from the start on. */
function seriesOf(values: Record<string, number[]>): MachineSeries {
  return (name): SeriesPoints | null => {
    const value = values[name];
    if (value === undefined) return null;
    const time = Float64Array.from(value, (_, minute) => start / 1000 + 60 * minute);
    const points = { tag: `machine/${name}`, axis: 'time' as const, total: value.length, reduced: false };
    return { ...points, step: time, time, value: Float64Array.from(value) };
  };
}

function use(values: Record<string, number[]>, indices: number[], minutes: number, more = {}) {
  const run = { environment: environment(2), settings: [], startedAt: new Date(start).toISOString(), ...more };
  const price = { perGpuHour: 0.5, currency: 'EUR' };
  return machineUse(seriesOf(values), indices, run as never, start + minutes * 60_000, price);
}

describe('GPU-hours', () => {
  test('count the GPUs that worked, and what they cost', () => {
    const found = use({ 'gpu0/utilisation': [0, 90, 96], 'gpu1/utilisation': [0, 1, 2] }, [0, 1], 90)!;
    expect(found).toMatchObject({ gpuHours: 1.5, gpusBy: 'worked', cost: { amount: 0.75, currency: 'EUR' } });
    expect(found.gpus.map(({ used }) => used)).toEqual([true, false]);
    expect(found.gpus[0]).toMatchObject({ name: 'card 0', utilisation: 62 });
  });

  test('count a GPU that was only filled', () => {
    const memory = { 'gpu0/memory': [1 * gb, 9 * gb], 'gpu1/memory': [7 * gb, 7 * gb] };
    expect(use(memory, [0, 1], 60)!.gpuHours).toBe(1);
  });

  test('count those that were chosen, whatever the others did', () => {
    const chosen = { environment: environment(2, { CUDA_VISIBLE_DEVICES: '1' }) };
    const found = use({ 'gpu0/utilisation': [99], 'gpu1/utilisation': [0] }, [0, 1], 60, chosen)!;
    expect(found).toMatchObject({ gpuHours: 1, gpusBy: 'chosen' });
    expect(found.gpus.map(({ used }) => used)).toEqual([false, true]);
  });

  test('are known of the only GPU there is where nothing was measured, and unknown of several', () => {
    expect(use({}, [], 30, { environment: environment(1) })).toMatchObject({ gpuHours: 0.5, gpusBy: 'only', gpus: [] });
    expect(use({ memory: [gb] }, [], 30)).toMatchObject({ gpuHours: null, cost: null });
    expect(use({}, [], 30, { environment: environment(0) })).toBeNull();
  });
});

test.each([
  ['0,1', [0, 1]],
  ['1, 0', [0, 1]],
  ['GPU-1aaa', [1]],
  ['-1', []],
  ['', []],
  ['1,-1,0', [1]],
])('CUDA_VISIBLE_DEVICES=%s', (value, used) => {
  const evidence = { settings: [], measured: [0, 1], worked: [0] };
  const found = gpusOfRun({ environment: environment(2, { CUDA_VISIBLE_DEVICES: value }), ...evidence });
  expect(found).toEqual({ used, by: 'chosen' });
});

test("accelerate's gpu_ids choose where no variable does, and `all` is no choice", () => {
  const settings = (value: string): Setting[] => [
    { key: 'accelerate.gpu_ids', value, source: { kind: 'argument' }, effective: true, known: true },
  ];
  const found = (value: string) =>
    gpusOfRun({ environment: environment(3), settings: settings(value), measured: [0, 1, 2], worked: [2] });
  expect(found('0,1')).toEqual({ used: [0, 1], by: 'chosen' });
  expect(found('all')).toEqual({ used: [2], by: 'worked' });
});

test('peaks, means, the least that was free and the energy are those of the samples', () => {
  const found = use(
    {
      'gpu0/power': [300, 300, 300],
      'gpu0/temperature': [50, 74, 70],
      'gpu0/memory': [1 * gb, 20 * gb, 18 * gb],
      cpu: [10, 30],
      memory: [5 * gb, 9 * gb],
      'memory-total': [64 * gb],
      'process-memory': [1 * gb, 3 * gb],
      'disk-free': [100 * gb, 80 * gb, 90 * gb],
    },
    [0],
    2,
  )!;
  expect(found.gpus[0]).toMatchObject({
    memoryPeak: 20 * gb,
    memoryBytes: 24 * gb,
    temperaturePeak: 74,
    wattHours: 10,
  });
  expect(found).toMatchObject({ cpu: 20, memoryPeak: 9 * gb, memoryBytes: 64 * gb, processMemoryPeak: 3 * gb });
  expect(found.diskFreeLeast).toBe(80 * gb);
});

describe('how memory stood when it ran out', () => {
  const story = (code: string, values: Record<string, number[]>, indices: number[], minutes: number) =>
    memoryStory({ code }, seriesOf(values), use(values, indices, minutes)!, start + minutes * 60_000);
  const climbing = [1.4, 6, 14, 14, 14, 14, 14, 14, 14, 14, 18, 23.5].map((each) => each * gb);

  test('is told of the GPU that was fullest, with where it came from', () => {
    const values = { 'gpu0/memory': [1 * gb, 2 * gb], 'gpu1/memory': climbing };
    expect(story('out-of-memory', values, [0, 1], 11.1)).toBe(
      'GPU 1 held 23.5 of 24.0 GB (98%) 6 s before the end, 6.0 GB 10 min before the end, 1.4 GB were taken when the run began',
    );
  });

  test('is told of the computer', () => {
    const values = { memory: [3 * gb, 15.8 * gb], 'memory-total': [16 * gb] };
    expect(story('host-out-of-memory', values, [], 1)).toBe(
      "The computer's memory held 15.8 of 16.0 GB (99%) at the end, 3.0 GB were taken when the run began",
    );
  });

  test('is told of a trainer that was killed only where it was nearly full', () => {
    const total = { 'memory-total': [16 * gb] };
    expect(story('killed', { memory: [3 * gb, 15 * gb], ...total }, [], 1)).toContain('15.0 of 16.0 GB (94%)');
    expect(story('killed', { memory: [3 * gb, 9 * gb], ...total }, [], 1)).toBeNull();
  });

  test('is not told where it was not measured, or another thing failed', () => {
    expect(story('out-of-memory', { memory: [gb], 'memory-total': [gb] }, [], 1)).toBeNull();
    expect(story('nan-loss', { memory: [gb], 'memory-total': [gb] }, [], 1)).toBeNull();
  });
});
