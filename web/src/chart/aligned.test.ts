import fc from 'fast-check';
import uPlot from 'uplot';
import { describe, expect, it } from 'vitest';
import { aligned } from './aligned.ts';

describe('curves over one axis', () => {
  it('keep gaps, and have nothing where they have no point', () => {
    const [x, a, b] = aligned([
      { x: [1, 2, 4], y: [10, null, 40] },
      { x: Float64Array.from([2, 3]), y: [20, 30] },
    ]);
    expect([...Array.from(x)]).toEqual([1, 2, 3, 4]);
    expect(Array.from(a!)).toEqual([10, null, undefined, 40]);
    expect(Array.from(b!)).toEqual([undefined, 20, 30, undefined]);
  });

  it('of one place take the last value', () => {
    expect(Array.from(aligned([{ x: [1, 1, 2], y: [1, 2, 3] }])[1]!)).toEqual([2, 3]);
  });

  it('are what uPlot makes of them', () => {
    const place = fc.integer({ min: 0, max: 60 });
    const curve = fc.array(fc.tuple(place, fc.option(fc.double({ noNaN: true }))), { minLength: 1 }).map((points) => {
      const sorted = points.toSorted(([a], [b]) => a - b);
      return { x: sorted.map(([x]) => x), y: sorted.map(([, y]) => y) };
    });
    fc.assert(
      fc.property(fc.array(curve, { minLength: 2, maxLength: 6 }), (curves) => {
        // Its own is right where a curve has each place once.
        const once = curves.map(({ x, y }) => {
          const last = new Map(x.map((place, at) => [place, y[at] as number | null]));
          return { x: [...last.keys()], y: [...last.values()] };
        });
        const expected = uPlot.join(once.map(({ x, y }) => [x, y] as uPlot.AlignedData));
        expect(aligned(curves).map((each) => Array.from(each))).toEqual(expected.map((each) => Array.from(each)));
      }),
    );
  });
});
