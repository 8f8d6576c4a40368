/** 100 series of 100,000 points, read from the store for a chart of 1,000 pixels: goal 50 ms of work. */
import { join } from 'node:path';
import { MetricsReader } from '../src/store/metrics/metrics-reader.ts';
import { MetricsWriter } from '../src/store/metrics/metrics-writer.ts';
import { type Benchmark, processorTime } from './harness.ts';

const series = 100;
const points = 100_000;
const pixels = 1_000;
const goalMs = 50;

const benchmark: Benchmark = (directory) => {
  const stored = join(directory, 'metrics');
  const writer = new MetricsWriter(stored, 'bench');
  for (let step = 0; step < points; step++) {
    for (let each = 0; each < series; each++) {
      writer.add(`tag/${each}`, 'step', step, 1_795_467_255 + step / 2, Math.sin(step * (each + 1)));
    }
  }
  writer.close();
  return [
    {
      name: `${series} × ${points} points to ${pixels} pixels`,
      peerName: `${goalMs} ms`,
      goal: 1,
      turns: 15,
      ours: {
        run: () =>
          processorTime(() => {
            const reader = new MetricsReader(stored);
            for (let each = 0; each < series; each++) {
              const found = reader.read(`tag/${each}`, { points: 4 * pixels });
              if (found?.total !== points || found.value.length < pixels) throw new Error('points are missing');
            }
          }),
      },
      peer: { run: () => goalMs },
    },
  ];
};
export default benchmark;
