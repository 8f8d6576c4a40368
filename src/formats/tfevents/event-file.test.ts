import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { EventFileReader, firstWallTime } from './event-file.ts';
import type { HyperParameter } from './hparams.ts';
import { type Damage, longestRecord } from './records.ts';
import {
  bytesField,
  doubleField,
  event,
  fileVersion,
  floatField,
  record,
  scalarValue,
  tensorValue,
  varint,
  varintField,
} from './testing/write-events.ts';

const fixtures = join(import.meta.dirname, '../../../test/fixtures');

type Told = [step: number, value: number, time: number];

interface Read {
  scalars: Record<string, Told[]>;
  others: unknown[];
  damage: Damage[];
  dead: boolean;
}

/** @param cuts where the file is cut into pieces */
function read(bytes: Uint8Array, cuts: readonly number[] = []): Read {
  const found: Read = { scalars: Object.create(null), others: [], damage: [], dead: false };
  const reader = new EventFileReader({
    scalar: (tag, step, time, value) => {
      found.scalars[tag] ??= [];
      found.scalars[tag].push([step, value, time]);
    },
    text: (...text) => found.others.push(['text', ...text]),
    image: (tag, step, time, { bytes: png, ...image }) =>
      found.others.push(['image', tag, step, time, { ...image, png: png && Buffer.from(png).toString('hex') }]),
    histogram: (...histogram) => found.others.push(['histogram', ...histogram]),
    hparams: (...parameters) => found.others.push(['hparams', ...parameters]),
    damaged: (damage) => found.damage.push(damage),
  });
  const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
  let from = 0;
  for (const end of ends) {
    // A copy, as a follower's buffer is used again.
    reader.push(bytes.slice(from, end));
    from = end;
  }
  found.dead = reader.isDead;
  return found;
}

const kohya = join(fixtures, 'kohya');
const runs = readdirSync(kohya).filter((name) => readdirSync(join(kohya, name)).includes('logs'));
const number = (value: number | string) => (typeof value === 'string' ? Number(value.replace('nan', 'NaN')) : value);

describe("a genuine event file gives what TensorBoard's own reader gives", () => {
  test.each(runs)('of sd-scripts: %s', (run) => {
    const expected = JSON.parse(readFileSync(join(kohya, run, 'expected-series.json'), 'utf8')) as Record<
      string,
      Record<string, [number, number | string, number][]>
    >;
    expect(Object.keys(expected)).toHaveLength(1);
    for (const [file, tags] of Object.entries(expected)) {
      const { scalars, damage } = read(readFileSync(join(kohya, run, file)));
      expect(damage).toEqual([]);
      const wanted = Object.entries(tags).map(([tag, points]) => [
        tag,
        points.map(([step, value, time]) => [step, number(value), time]),
      ]);
      expect(scalars).toEqual(Object.fromEntries(wanted));
    }
  });

  const others = JSON.parse(readFileSync(join(fixtures, 'event-files/expected-series.json'), 'utf8')) as Record<
    string,
    { scalars: Record<string, { points: number; firstStep: number; lastStep: number; first: number; last: number }> }
  >;
  test.each(Object.keys(others))('of others: %s', (file) => {
    const { scalars, damage } = read(readFileSync(join(fixtures, 'event-files', file)));
    expect(damage).toEqual([]);
    const found = Object.entries(scalars).map(([tag, points]) => {
      const [firstStep, first] = points[0]!;
      const [lastStep, last] = points.at(-1)!;
      return [tag, { points: points.length, firstStep, lastStep, first, last }];
    });
    expect(Object.fromEntries(found)).toEqual(others[file]?.scalars);
  });
});

describe('a scalar', () => {
  const half = Buffer.from([0x00, 0x3e]);
  const double = Buffer.alloc(8);
  double.writeDoubleLE(0.1);
  test.each<[string, Uint8Array, number]>([
    ['simple_value', scalarValue('t', 1.5), 1.5],
    ['a tensor of float_val', tensorValue('t', 'scalars', varintField(1, 1), floatField(5, 1.5)), 1.5],
    [
      'packed float_val',
      tensorValue('t', 'scalars', varintField(1, 1), bytesField(5, floatField(0, 1.5).subarray(1))),
      1.5,
    ],
    ['tensor_content of a double', tensorValue('t', 'scalars', varintField(1, 2), bytesField(4, double)), 0.1],
    ['double_val', tensorValue('t', 'scalars', varintField(1, 2), doubleField(6, 0.1)), 0.1],
    ['half_val', tensorValue('t', 'scalars', varintField(1, 19), varintField(13, 0x3e00)), 1.5],
    ['bfloat16 in half_val', tensorValue('t', 'scalars', varintField(1, 14), bytesField(13, varint(0x3fc0))), 1.5],
    ['tensor_content of a half', tensorValue('t', 'scalars', varintField(1, 19), bytesField(4, half)), 1.5],
    ['int_val', tensorValue('t', 'scalars', varintField(1, 3), bytesField(7, varint(-7n))), -7],
    ['int64_val', tensorValue('t', 'scalars', varintField(1, 9), varintField(10, 2 ** 40)), 2 ** 40],
    ['bool_val', tensorValue('t', 'scalars', varintField(1, 10), varintField(11, 1)), 1],
    [
      'a tensor without dimensions and without a plugin',
      tensorValue('t', null, varintField(1, 1), floatField(5, 2)),
      2,
    ],
  ])('is read from %s', (_, value, expected) => {
    expect(read(event(5, 3, value)).scalars).toEqual({ t: [[3, expected, 5]] });
  });

  it('keeps the plugin that the first value of its tag named', () => {
    const shape = bytesField(2, bytesField(2, varintField(1, 1)));
    const later = tensorValue('t', null, varintField(1, 1), shape, floatField(5, 2));
    const first = tensorValue('t', 'scalars', varintField(1, 1), shape, floatField(5, 1));
    expect(read(Buffer.concat([event(1, 1, first), event(2, 2, later)])).scalars).toEqual({
      t: [
        [1, 1, 1],
        [2, 2, 2],
      ],
    });
    expect(read(event(2, 2, later)).scalars).toEqual({});
  });

  it('may be negative in its step, NaN, infinite, several in an event, and come again for a step', () => {
    const file = Buffer.concat([
      event(1, -2, scalarValue('a', Number.NaN), scalarValue('b', Number.NEGATIVE_INFINITY)),
      event(2, 7, scalarValue('a', 1)),
      event(3, 7, scalarValue('a', 2)),
      event(4, 3, scalarValue('a', 3)),
    ]);
    expect(read(file).scalars).toEqual({
      a: [
        [-2, Number.NaN, 1],
        [7, 1, 2],
        [7, 2, 3],
        [3, 3, 4],
      ],
      b: [[-2, Number.NEGATIVE_INFINITY, 1]],
    });
  });
});

test('texts, images, histograms and hyper-parameters are told beside the scalars, within bounds', () => {
  const buckets = Buffer.concat([0, 1, 2, 1, 2, 0, 2, 4, 3].map((each) => doubleField(6, each)));
  const shape = bytesField(2, Buffer.concat([3, 3].map((size) => bytesField(2, varintField(1, size)))));
  const histo = Buffer.concat([-1, 2, 10, 5, 6].map((each, i) => doubleField(i + 1, each)));
  const parameter = (name: string, value: Uint8Array) =>
    bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, value)]));
  const start = bytesField(
    3,
    Buffer.concat([
      parameter('lr', doubleField(2, 1e-4)),
      parameter('optimizer', bytesField(3, 'AdamW8bit')),
      parameter('cache', varintField(4, 1)),
    ]),
  );
  const hparams = bytesField(9, bytesField(1, Buffer.concat([bytesField(1, 'hparams'), bytesField(2, start)])));
  const large = Buffer.alloc(9 << 20);
  const file = Buffer.concat([
    event(1, 1, tensorValue('note', 'text', varintField(1, 7), bytesField(8, 'hello'), bytesField(8, 'you'))),
    event(
      2,
      2,
      tensorValue('sample', 'images', varintField(1, 7), ...['64', '32', 'png'].map((s) => bytesField(8, s))),
    ),
    event(
      3,
      3,
      Buffer.concat([
        bytesField(1, 'old'),
        bytesField(4, Buffer.concat([varintField(1, 8), varintField(2, 9), bytesField(4, large)])),
      ]),
    ),
    event(4, 4, Buffer.concat([bytesField(1, 'weights'), bytesField(5, histo)])),
    event(5, 5, tensorValue('grads', 'histograms', varintField(1, 2), shape, buckets)),
    event(6, 6, Buffer.concat([bytesField(1, '_hparams_/session_start_info'), hparams])),
  ]);
  const parameters: HyperParameter[] = [
    { name: 'lr', value: 1e-4 },
    { name: 'optimizer', value: 'AdamW8bit' },
    { name: 'cache', value: true },
  ];
  expect(read(file)).toMatchObject({
    scalars: {},
    damage: [],
    others: [
      ['text', 'note', 1, 1, 'hello\nyou'],
      ['image', 'sample', 2, 2, { width: 64, height: 32, size: 3, png: '706e67' }],
      ['image', 'old', 3, 3, { width: 9, height: 8, size: 9 << 20, png: null }],
      ['histogram', 'weights', 4, 4, { min: -1, max: 2, count: 10, sum: 5, sumOfSquares: 6 }],
      ['histogram', 'grads', 5, 5, { min: 0, max: 4, count: 5, sum: null, sumOfSquares: null }],
      ['hparams', 6, 6, parameters],
    ],
  });
});

describe('a file', () => {
  const good = (step: number) => event(step, step, scalarValue('loss', step));

  it('that has just begun tells when, and nothing else', () => {
    for (const run of ['C0-lycoris-traceback-pty', 'D4-oom-midrun-pty']) {
      const [file] = Object.keys(JSON.parse(readFileSync(join(kohya, run, 'expected-series.json'), 'utf8')));
      const bytes = readFileSync(join(kohya, run, file!));
      expect(bytes).toHaveLength(88);
      expect(read(bytes)).toEqual({ scalars: {}, others: [], damage: [], dead: false });
      expect(Math.floor(firstWallTime(bytes) ?? 0)).toBe(Number(/tfevents\.(\d+)/.exec(file!)?.[1]));
    }
    const version = fileVersion(1_795_000_000);
    expect(version).toHaveLength(40);
    expect(firstWallTime(version)).toBe(1_795_000_000);
    expect(firstWallTime(version.subarray(0, 39))).toBeNull();
  });

  it('whose record is damaged loses that record, and says so', () => {
    const bytes = Buffer.concat([good(1), good(2), good(3)]);
    bytes[good(1).length + 20]! ^= 1;
    expect(read(bytes)).toMatchObject({
      scalars: {
        loss: [
          [1, 1, 1],
          [3, 3, 3],
        ],
      },
      damage: [{ kind: 'data', offset: good(1).length }],
      dead: false,
    });
  });

  it('whose length is damaged ends there, and says so once', () => {
    const bytes = Buffer.concat([good(1), good(2), good(3)]);
    bytes[good(1).length + 3]! ^= 1;
    const found = read(bytes);
    expect(found).toMatchObject({ scalars: { loss: [[1, 1, 1]] }, dead: true });
    expect(found.damage).toEqual([{ kind: 'length', offset: good(1).length }]);
    expect(read(bytes, [30, 60, 90, 120])).toEqual(found);
  });

  it('whose record is whole but no event loses that record only', () => {
    const bytes = Buffer.concat([good(1), record(Buffer.from([0x2a, 0x7f, 1])), good(3)]);
    expect(read(bytes)).toMatchObject({
      scalars: {
        loss: [
          [1, 1, 1],
          [3, 3, 3],
        ],
      },
      damage: [{ kind: 'data' }],
    });
  });

  it('with a record longer than any is read on behind it, without its being held', () => {
    const huge = Buffer.concat([record(Buffer.alloc(longestRecord + 1)), good(2)]);
    const before = process.memoryUsage().arrayBuffers;
    const reader = new EventFileReader({ scalar: (tag, step) => told.push([tag, step]) });
    const told: unknown[] = [];
    for (let at = 0; at < huge.length; at += 65_536) reader.push(huge.subarray(at, at + 65_536));
    expect(told).toEqual([['loss', 2]]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  });

  it('with more tags than memory should hold keeps the first of them', () => {
    const values = Array.from({ length: 10_010 }, (_, i) => scalarValue(`t${i}`, i));
    expect(Object.keys(read(event(1, 1, ...values)).scalars)).toHaveLength(10_000);
  });
});

describe('a growing file', () => {
  const genuine = readFileSync(
    join(
      kohya,
      runs[0]!,
      Object.keys(JSON.parse(readFileSync(join(kohya, runs[0]!, 'expected-series.json'), 'utf8')))[0]!,
    ),
  );
  const whole = read(genuine);

  it('read byte by byte gives the same as at once', () => {
    expect(read(genuine, Array.from(genuine.keys()))).toEqual(whole);
  });

  it('gives the same wherever it is cut', () => {
    const wandb = readFileSync(join(fixtures, 'event-files/wandb/events.out.tfevents.1585769947.cvp'));
    const large = read(wandb);
    fc.assert(
      fc.property(
        fc.array(fc.nat(genuine.length), { maxLength: 40 }),
        fc.array(fc.nat(wandb.length), { maxLength: 20 }),
        (cuts, more) => {
          expect(read(genuine, cuts)).toEqual(whole);
          expect(read(wandb, more)).toEqual(large);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('cut off gives the beginning of what the whole gives, and no damage', () => {
    fc.assert(
      fc.property(fc.nat(genuine.length), (end) => {
        const part = read(genuine.subarray(0, end));
        expect(part.damage).toEqual([]);
        for (const [tag, points] of Object.entries(part.scalars)) {
          expect(points).toEqual(whole.scalars[tag]?.slice(0, points.length));
        }
      }),
    );
  });

  it('damaged anywhere neither throws nor hangs, nor has a point that was not written', () => {
    const written = new Set(
      Object.entries(whole.scalars).flatMap(([tag, points]) => points.map((each) => `${tag} ${each}`)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(genuine.length - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(genuine.length),
        (flips, noise, at) => {
          const damaged = Buffer.from(genuine);
          for (const [place, change] of flips) damaged[place]! ^= change;
          damaged.set(noise.subarray(0, genuine.length - at), at);
          for (const [tag, points] of Object.entries(read(damaged).scalars)) {
            for (const each of points) expect(written).toContain(`${tag} ${each}`);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('of whole records with any content neither throws nor hangs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }),
        fc.uint8Array({ maxLength: 60 }),
        (contents, summary) => {
          const file = Buffer.concat([...contents.map((each) => record(each)), event(1, 1, summary)]);
          expect(read(file).dead).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
