import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventRecords, firstWallTime, readScalars } from './scalars.ts';

const run = join(import.meta.dirname, '../../../test/fixtures/kohya/A-good-lora-pty');
const expected = JSON.parse(readFileSync(join(run, 'expected-series.json'), 'utf8')) as Record<
  string,
  Record<string, [number, number, number][]>
>;
const [[name, tags]] = Object.entries(expected) as [[string, Record<string, [number, number, number][]>]];
const bytes = readFileSync(join(run, name.replace(/^.*?(?=logs\/)/, '')));

describe('an event file', () => {
  it("gives the scalars that TensorBoard's own reader gives", () => {
    const found: Record<string, [number, number, number][]> = {};
    for (const { tag, step, value, wallTime } of readScalars(bytes)) {
      found[tag] ??= [];
      found[tag].push([step, value, wallTime]);
    }
    expect(Object.keys(found).sort()).toEqual(Object.keys(tags).sort());
    for (const [tag, points] of Object.entries(tags)) {
      expect(found[tag]?.map(([step]) => step)).toEqual(points.map(([step]) => step));
      for (const [i, point] of points.entries()) expect(found[tag]?.[i]?.[1]).toBeCloseTo(point[1], 5);
    }
  });

  it('tells when it was begun, as its name does', () => {
    expect(Math.floor(firstWallTime(bytes) ?? 0)).toBe(1795467255);
  });

  it('cut anywhere gives the beginning of what the whole gives', () => {
    const whole = [...readScalars(bytes)];
    fc.assert(
      fc.property(fc.nat(bytes.length), (end) => {
        const part = [...readScalars(bytes.subarray(0, end))];
        expect(part).toEqual(whole.slice(0, part.length));
      }),
    );
  });

  it('of any bytes neither throws nor goes on without end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(bytes.length), (noise, at) => {
        const damaged = Buffer.from(bytes);
        damaged.set(noise.subarray(0, bytes.length - at), at);
        expect([...eventRecords(noise)].length).toBeLessThan(100);
        expect([...readScalars(damaged)].length).toBeLessThanOrEqual([...readScalars(bytes)].length + 50);
      }),
    );
  });
});
