import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesPoints } from '../../model/metrics.ts';
import { temporaryDirectory } from '../test-home.ts';
import { MetricsReader } from './metrics-reader.ts';
import { MetricsWriter } from './metrics-writer.ts';

type Point = [step: number, time: number, value: number];

const point: fc.Arbitrary<Point> = fc.tuple(
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.double({ min: 0, max: 4e9, noNaN: true }),
  fc.double(),
);
const rising = (count: number, value: (i: number) => number = (i) => Math.sin(i)) =>
  Array.from({ length: count }, (_, i): Point => [i + 1, 1_700_000_000 + i / 2, value(i)]);

function write(directory: string, points: readonly Point[], { source = '1', tag = 'loss', every = 1_000 } = {}) {
  const writer = new MetricsWriter(directory, source);
  for (const [i, [step, time, value]] of points.entries()) {
    writer.add(tag, 'step', step, time, value);
    if (i % every === 0) writer.flush();
  }
  writer.close();
}

const rows = (points: SeriesPoints | null): Point[] =>
  points === null ? [] : Array.from(points.step, (step, i) => [step, points.time[i]!, points.value[i]!]);

function files(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory)
      .sort()
      .map((name) => [name, readFileSync(join(directory, name)).toString('hex')]),
  );
}

/** Whether all of `part` stand in `whole`, in its order. */
function isSubsequence(part: readonly Point[], whole: readonly Point[]): boolean {
  let at = 0;
  const same = (a: Point, b: Point) => a.every((number, i) => Object.is(number, b[i]));
  for (const each of part) {
    while (at < whole.length && !same(whole[at]!, each)) at++;
    if (at++ >= whole.length) return false;
  }
  return true;
}

describe('series', () => {
  it('come back as they were added, to the last bit', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (points, every) => {
        const directory = temporaryDirectory();
        write(directory, points, { every });
        expect(rows(new MetricsReader(directory).read('loss'))).toEqual(points);
      }),
      { numRuns: 30 },
    );
  });

  it('are listed with their ends and extremes, over finite values', () => {
    const directory = temporaryDirectory();
    write(directory, [...rising(200, (i) => (i % 7 === 0 ? Number.NaN : i - 100)), [201, 5, Number.NEGATIVE_INFINITY]]);
    write(directory, [[1, 2, Number.NaN]], { source: '2', tag: 'lr/unet' });
    expect(new MetricsReader(directory).list()).toEqual([
      {
        tag: 'loss',
        axis: 'step',
        points: 201,
        first: 'NaN',
        last: '-Infinity',
        min: -99,
        max: 99,
        firstStep: 1,
        lastStep: 201,
      },
      {
        tag: 'lr/unet',
        axis: 'step',
        points: 1,
        first: 'NaN',
        last: 'NaN',
        min: null,
        max: null,
        firstStep: 1,
        lastStep: 1,
      },
    ]);
  });

  it('of several sources follow each other in the order in which the sources were begun', () => {
    const directory = temporaryDirectory();
    write(
      directory,
      rising(100, (i) => 1000 + i),
      { source: '1795467300 b' },
    );
    write(directory, rising(200), { source: '1795467255 a' });
    expect(rows(new MetricsReader(directory).read('loss'))).toEqual([...rising(200), ...rising(100, (i) => 1000 + i)]);
  });

  it('of a tag that does not fit into a name have it all the same', () => {
    const directory = temporaryDirectory();
    write(directory, [[1, 1, 1]], { tag: '../损失\n"x" /'.repeat(9) });
    expect(new MetricsReader(directory).list().map(({ tag }) => tag)).toEqual(['../损失\n"x" /'.repeat(9)]);
  });

  it('beyond the most that are kept are refused', () => {
    const directory = temporaryDirectory();
    const writer = new MetricsWriter(directory, '1');
    const kept = Array.from({ length: 1_001 }, (_, i) => writer.add(`tag ${i}`, 'step', 1, 1, 1));
    expect(kept.filter((each) => !each)).toHaveLength(1);
    expect(writer.add('tag 0', 'step', 2, 2, 2)).toBe(true);
  });
});

describe('a series reduced for a chart', () => {
  it('holds real points in their order, its ends, its extremes and its first NaN', () => {
    const value = fc.oneof({ weight: 50, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) }, fc.double());
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 3_000, size: 'max' }),
        fc.integer({ min: 1, max: 400 }),
        (values, most) => {
          const directory = temporaryDirectory();
          const points = rising(values.length, (i) => values[i]!);
          write(directory, points);
          const reduced = new MetricsReader(directory).read('loss', { points: most });
          const found = rows(reduced);
          expect(reduced).toMatchObject({ total: points.length, reduced: points.length > most });
          expect(isSubsequence(found, points)).toBe(true);
          expect(found.length).toBeLessThanOrEqual(Math.max(5, (most / 4) * 5));
          expect([found[0], found.at(-1)]).toEqual([points[0], points.at(-1)]);
          const finite = values.filter(Number.isFinite);
          const shown = found.map((each) => each[2]);
          if (finite.length > 0) expect(Math.min(...shown.filter(Number.isFinite))).toBe(Math.min(...finite));
          if (finite.length > 0) expect(Math.max(...shown.filter(Number.isFinite))).toBe(Math.max(...finite));
          const odd = points.find((each) => !Number.isFinite(each[2]));
          if (odd) expect(found).toContainEqual(odd);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('has the extremes of every stretch, read from blocks as from the points', () => {
    const directory = temporaryDirectory();
    const points = rising(20_000, (i) => Math.sin(i * i));
    write(directory, points);
    const byBlocks = rows(new MetricsReader(directory).read('loss', { points: 400 }));
    for (const name of readdirSync(directory)) if (name.endsWith('.blocks')) writeFileSync(join(directory, name), '');
    const byPoints = rows(new MetricsReader(directory).read('loss', { points: 400 }));
    const highest = (found: Point[], from: number) =>
      Math.max(...found.filter(([step]) => step >= from && step < from + 1_000).map((each) => each[2]));
    for (let from = 0; from < 20_000; from += 1_000) {
      const real = highest(points, from);
      expect(real - highest(byBlocks, from)).toBeLessThan(0.01);
      expect(real - highest(byPoints, from)).toBeLessThan(0.01);
    }
  });

  it('may be a range, of which every point comes where there are few', () => {
    const directory = temporaryDirectory();
    const points = [...rising(1_000), ...rising(700, (i) => 10 + i)];
    write(directory, points);
    const within = points.filter(([step]) => step >= 300 && step <= 650);
    const reader = new MetricsReader(directory);
    expect(rows(reader.read('loss', { from: 300, to: 650 }))).toEqual(within);
    const reduced = reader.read('loss', { from: 300, to: 650, points: 40 });
    expect(reduced).toMatchObject({ total: within.length, reduced: true });
    expect(isSubsequence(rows(reduced), within)).toBe(true);
    expect(rows(reader.read('loss', { from: 2_000 }))).toEqual([]);
  });
});

describe('a writer that begins again from zero', () => {
  const points = rising(500);

  it('leaves the same bytes, whatever the one before it was killed at', () => {
    const whole = temporaryDirectory();
    write(whole, points);
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(1_200), fc.integer({ min: 1, max: 300 }), (cut, cutBlocks, every) => {
        const directory = temporaryDirectory();
        write(directory, points);
        for (const name of readdirSync(directory)) {
          const path = join(directory, name);
          const size = readFileSync(path).length;
          truncateSync(path, Math.min(size, name.endsWith('.points') ? cut : cutBlocks));
        }
        const torn = rows(new MetricsReader(directory).read('loss'));
        expect(torn).toEqual(points.slice(0, torn.length));
        write(directory, points, { every });
        expect(files(directory)).toEqual(files(whole));
      }),
      { numRuns: 40 },
    );
  });

  it('mends what was damaged, of which nothing was invented before', () => {
    const whole = temporaryDirectory();
    write(whole, points);
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(1), (at, change, which) => {
        const directory = temporaryDirectory();
        write(directory, points);
        const path = join(directory, readdirSync(directory).sort()[which]!);
        const bytes = readFileSync(path);
        bytes[at % bytes.length]! ^= change;
        writeFileSync(path, bytes);
        const reader = new MetricsReader(directory);
        expect(isSubsequence(rows(reader.read('loss')), points)).toBe(true);
        expect(isSubsequence(rows(reader.read('loss', { points: 20 })), points)).toBe(true);
        write(directory, points);
        expect(files(directory)).toEqual(files(whole));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves what it has not come to yet', () => {
    const directory = temporaryDirectory();
    write(directory, points);
    write(directory, points.slice(0, 100));
    expect(rows(new MetricsReader(directory).read('loss'))).toEqual(points);
  });
});

describe('a writer that goes on', () => {
  it('writes behind the whole points that are there, of every series', () => {
    const directory = temporaryDirectory();
    const first = MetricsWriter.resume(directory, 'gpu');
    for (let i = 0; i < 100; i++) {
      first.add('machine/gpu0/memory', 'time', i, i, i * 1e9);
      if (i % 2 === 0) first.add('machine/cpu', 'time', i, i, i);
    }
    first.close();
    for (const name of readdirSync(directory)) {
      if (name.endsWith('0.points')) appendFileSync(join(directory, name), 'torn');
    }
    const second = MetricsWriter.resume(directory, 'gpu');
    second.add('machine/cpu', 'time', 100, 100, 100);
    second.add('machine/gpu0/memory', 'time', 100, 100, 5);
    second.add('machine/power', 'time', 100, 100, 7);
    second.close();
    expect(new MetricsReader(directory).list().map(({ tag, points, last }) => [tag, points, last])).toEqual([
      ['machine/cpu', 51, 100],
      ['machine/gpu0/memory', 101, 5],
      ['machine/power', 1, 7],
    ]);
  });
});

describe('a poll', () => {
  it('hands over what was appended since the last, once, and says how far it came', () => {
    const directory = temporaryDirectory();
    const reader = new MetricsReader(join(directory, 'metrics'));
    expect(reader.poll()).toEqual({ replaced: [], appended: [], cursor: {}, more: false });
    const writer = new MetricsWriter(join(directory, 'metrics'), '1');
    const seen: Point[] = [];
    let cursor = {};
    for (const [i, each] of rising(300).entries()) {
      writer.add('loss', 'step', ...each);
      if (i % 37 !== 0) continue;
      writer.flush();
      const polled = reader.poll(JSON.parse(JSON.stringify(cursor)));
      seen.push(...polled.appended.flatMap(rows));
      cursor = polled.cursor;
    }
    writer.close();
    seen.push(...reader.poll(cursor).appended.flatMap(rows));
    expect(seen).toEqual(rising(300));
  });

  it('says that what the bar told counts no more once an event file tells it', () => {
    const directory = temporaryDirectory();
    const reader = new MetricsReader(directory);
    write(directory, rising(10), { source: 'log' });
    const before = reader.poll();
    expect(before.appended.map(({ tag, step }) => [tag, step.length])).toEqual([['loss', 10]]);
    write(
      directory,
      rising(4, () => 7),
      { source: '1795467255 a' },
    );
    const after = reader.poll(before.cursor);
    expect(after.replaced).toEqual(['loss']);
    expect(after.appended.flatMap(rows)).toEqual(rising(4, () => 7));
    expect(rows(reader.read('loss'))).toEqual(rising(4, () => 7));
    expect(reader.poll(after.cursor)).toMatchObject({ replaced: [], appended: [] });
  });

  it('of what is no series says nothing', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, '0123456789ab-0.points'));
    writeFileSync(join(directory, '0123456789ab-1.points'), '{"v":2,"tag":"x"}\n');
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    expect(new MetricsReader(directory).list()).toEqual([]);
  });
});
