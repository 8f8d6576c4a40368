import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  bytesField,
  doubleField,
  event,
  fileVersion,
  scalarValue,
} from '../../formats/tfevents/testing/write-events.ts';
import { SpoorError } from '../../model/errors.ts';
import type { SeriesSink } from '../../model/metrics.ts';
import type { Writer } from './find-event-files.ts';
import { followMetrics, type MetricsFollowed } from './follow-metrics.ts';

let root: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spoor-metrics-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'validation'));
  path = join(root, 'events.out.tfevents.1795467255.lair.222.0');
});

const writer = (): Writer => ({
  plan: { outputDir: null, loggingDir: root, logPrefix: null },
  directory: root,
  startedAt: 0,
  endedAt: null,
  host: 'lair',
  ancestor: null,
  ownerOf: () => 'own',
});

type Kept = unknown[][];

/** A store in memory: what each source has, from its last beginning on. */
function memory() {
  const kept = new Map<string, Kept>();
  const openSink = (source: string): SeriesSink => {
    const points: Kept = [];
    kept.set(source, points);
    return { add: (...point) => points.push(point) > 0, flush() {}, close() {} };
  };
  return { kept, openSink };
}

async function follow(
  options: { openSink(source: string): SeriesSink; known?: string[] },
  ended = AbortSignal.abort(),
) {
  const told: MetricsFollowed[] = [];
  const following = followMetrics({ writer: writer(), known: [], restMs: 1, everyMs: 5, ...options, ended });
  for await (const each of following) told.push(each);
  return told;
}

const loss = (step: number, value = step / 10) => event(step + 0.5, step, scalarValue('loss/current', value));
const point = (step: number, value = Math.fround(step / 10)) => ['loss/current', 'step', step, step + 0.5, value];

test('a file that grows byte by byte is stored as one that is there at once', async () => {
  const bytes = Buffer.concat([fileVersion(1), loss(1), loss(2, Number.NaN), loss(3), loss(2)]);
  const wanted = [point(1), point(2, Number.NaN), point(3), point(2)];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      writeFileSync(path, '');
      const { kept, openSink } = memory();
      const ended = new AbortController();
      const following = follow({ openSink }, ended.signal);
      let from = 0;
      for (const end of [...cuts.sort((a, b) => a - b), bytes.length]) {
        appendFileSync(path, bytes.subarray(from, end));
        from = end;
        await new Promise((resolve) => setImmediate(resolve));
      }
      ended.abort();
      expect(await following).toEqual([{ type: 'event-file', path }]);
      expect([...kept.values()]).toEqual([wanted]);
    }),
    { numRuns: 40 },
  );
});

describe('series', () => {
  test('of epochs have an axis of their own, those of a directory of validation its name', async () => {
    writeFileSync(path, event(1, 1, scalarValue('loss/epoch_average', 1), scalarValue('loss', 2)));
    writeFileSync(
      join(root, 'validation/events.out.tfevents.1795467256.lair.222.1'),
      event(1, 1, scalarValue('loss', 3)),
    );
    const { kept, openSink } = memory();
    await follow({ openSink });
    expect([...kept.values()].flat()).toEqual([
      ['loss/epoch_average', 'epoch', 1, 1, 1],
      ['loss', 'step', 1, 1, 2],
      ['validation/loss', 'step', 1, 1, 3],
    ]);
  });

  test('of rotated files come in order, those that are known already are not told again', async () => {
    const second = join(root, 'events.out.tfevents.1795467999.lair.222.1');
    writeFileSync(second, loss(3));
    writeFileSync(path, Buffer.concat([loss(1), loss(2)]));
    const { kept, openSink } = memory();
    expect(await follow({ openSink, known: [path] })).toEqual([{ type: 'event-file', path: second }]);
    expect([...kept.keys()].sort()).toEqual([...kept.keys()]);
    expect([...kept.values()].flat()).toEqual([point(1), point(2), point(3)]);
  });
});

describe('damage', () => {
  test('is said at the end, and costs no more than it must', async () => {
    const bytes = Buffer.concat([loss(1), loss(2), loss(3)]);
    bytes[loss(1).length + 30]! ^= 1;
    const cut = Buffer.concat([loss(4), Buffer.from('no length at all')]);
    writeFileSync(path, Buffer.concat([bytes, cut]));
    const { kept, openSink } = memory();
    expect(await follow({ openSink })).toMatchObject([
      { type: 'event-file' },
      {
        type: 'warning',
        warning: {
          code: 'event-file-damaged',
          message: `${path} is damaged at byte ${loss(1).length}: this record is left out`,
        },
      },
      {
        type: 'warning',
        warning: {
          message: `${path} is damaged at byte ${bytes.length + loss(4).length}: nothing behind it can be read`,
        },
      },
    ]);
    expect([...kept.values()].flat()).toEqual([point(1), point(3), point(4)]);
  });

  test('that was none, as a network file system shows zeros first, leaves nothing behind', async () => {
    const bytes = Buffer.concat([loss(1), loss(2)]);
    const { kept, openSink } = memory();
    const ended = new AbortController();
    writeFileSync(path, Buffer.concat([loss(1), Buffer.alloc(loss(2).length)]));
    const following = follow({ openSink }, ended.signal);
    while ([...kept.values()].flat().length === 0) await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(path, bytes);
    ended.abort();
    expect(await following).toEqual([{ type: 'event-file', path }]);
    expect([...kept.values()].flat()).toEqual([point(1), point(2)]);
  });
});

test('a store that cannot be written is said once, tried again at the end, and stops nothing', async () => {
  writeFileSync(path, loss(1));
  let full = true;
  const { kept, openSink } = memory();
  const ended = new AbortController();
  const sink = (source: string): SeriesSink => ({
    ...openSink(source),
    flush() {
      if (full) throw new SpoorError('cannot-write', 'cannot-write', 'no space left', 'Free some space.');
    },
  });
  const told: MetricsFollowed[] = [];
  for await (const each of followMetrics({
    writer: writer(),
    known: [],
    openSink: sink,
    restMs: 1,
    everyMs: 5,
    ended: ended.signal,
  })) {
    told.push(each);
    if (each.type === 'warning') {
      full = false;
      ended.abort();
    }
  }
  expect(told).toEqual([
    { type: 'event-file', path },
    { type: 'warning', warning: { code: 'metrics-not-kept', message: 'no space left', hint: 'Free some space.' } },
  ]);
  expect([...kept.values()]).toEqual([[point(1)]]);
});

/** @param numbers least, greatest, count, sum, sum of squares */
const histogramValue = (tag: string, ...numbers: number[]) =>
  Buffer.concat([bytesField(1, tag), bytesField(5, Buffer.concat(numbers.map((each, i) => doubleField(i + 1, each))))]);

test('of a histogram it is kept where it lies; of more than there is room for, only the first, and the losses', async () => {
  const layers = Array.from({ length: 150 }, (_, i) => event(2, 1, histogramValue(`layer${i}`, -1, 3, 4, 4, 20)));
  const empty = event(3, 2, histogramValue('layer0', 0, 0, 0, 0, 0));
  writeFileSync(path, Buffer.concat([fileVersion(1), ...layers, empty, loss(3)]));
  const { kept, openSink } = memory();
  const told = await follow({ openSink });
  const [points] = kept.values();
  expect(points!.slice(0, 4)).toEqual([
    ['layer0/min', 'step', 1, 2, -1],
    ['layer0/max', 'step', 1, 2, 3],
    ['layer0/mean', 'step', 1, 2, 1],
    ['layer0/deviation', 'step', 1, 2, 2],
  ]);
  expect(points).toHaveLength(4 * 100 + 1);
  expect(points!.at(-1)).toEqual(point(3));
  expect(told).toMatchObject([{ type: 'event-file' }, { type: 'warning', warning: { code: 'series-too-many' } }]);
});

test('memory stays flat over a million steps', async () => {
  writeFileSync(path, '');
  let count = 0;
  const sink: SeriesSink = { add: () => ++count > 0, flush() {}, close() {} };
  const steps = 50_000;
  const piece = Buffer.concat(Array.from({ length: steps }, (_, i) => loss(i)));
  const ended = new AbortController();
  const following = follow({ openSink: () => sink }, ended.signal);
  const sizes: number[] = [];
  for (let pieces = 1; pieces <= 20; pieces++) {
    appendFileSync(path, piece);
    while (count < pieces * steps) await new Promise((resolve) => setImmediate(resolve));
    const { heapUsed, external } = process.memoryUsage();
    sizes.push(heapUsed + external);
  }
  ended.abort();
  await following;
  // Rubbish comes and goes; what is held would have grown by 60 MiB of records.
  expect(Math.min(...sizes.slice(-5)) - Math.min(...sizes.slice(0, 5))).toBeLessThan(32 << 20);
});
