import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairOf, whole, zoomedAt, zoomOf, zoomText } from './look.ts';

const views = fc.record({
  scale: fc.double({ min: 1, max: 12, noNaN: true }),
  x: fc.double({ min: -6, max: 6, noNaN: true }),
  y: fc.double({ min: -6, max: 6, noNaN: true }),
});

describe('what is looked at closely', () => {
  it('is in an address what it was, as nearly as can be seen', () => {
    fc.assert(
      fc.property(views, (view) => {
        const seen = zoomOf(zoomText(zoomedAt(view, 1)));
        expect(seen.scale).toBeCloseTo(zoomedAt(view, 1).scale, 2);
        expect(seen.x).toBeCloseTo(zoomedAt(view, 1).x, 2);
      }),
    );
    expect(zoomText(whole)).toBeUndefined();
  });

  it('of any address is within the picture', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { scale, x, y } = zoomOf(text);
        expect(scale).toBeGreaterThanOrEqual(1);
        expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual((scale - 1) / 2 + 1e-9);
      }),
    );
    expect(zoomOf('Infinity_0_0')).toEqual(whole);
  });

  it('keeps the point under the pointer where it is', () => {
    const before = { scale: 2, x: 0, y: 0 };
    const after = zoomedAt(before, 2, 0.2, -0.1);
    const under = ({ scale, x, y }: typeof before) => [(0.2 - x) / scale, (-0.1 - y) / scale];
    expect(under(after)).toEqual(under(before).map((each) => expect.closeTo(each, 9)));
  });
});

describe('two of several runs', () => {
  it('are those of the address, else the first two', () => {
    expect(pairOf('2-0', 3)).toEqual([2, 0]);
    expect(pairOf('1-1', 3)).toEqual([0, 1]);
    expect(pairOf('0-3', 3)).toEqual([0, 1]);
    expect(pairOf(undefined, 3)).toEqual([0, 1]);
  });
});
