import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smooth } from './smooth.ts';

describe('smoothing', () => {
  it('of a constant is that constant from the first point on', () => {
    expect(smooth([2, 2, 2, 2], 0.9)).toEqual([2, 2, 2, 2].map((value) => expect.closeTo(value, 12)));
  });

  it('with weight 0 changes nothing', () => {
    expect(smooth([1, 5, 2], 0)).toEqual([1, 5, 2]);
  });

  it('leaves gaps where there is no number, and goes on behind them', () => {
    expect(smooth([1, Number.NaN, null, Number.POSITIVE_INFINITY, 1], 0.5)).toEqual([1, null, null, null, 1]);
  });

  it('never leaves the range of what was measured', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (values, weight) => {
          const slack = 1e-6 * (1 + Math.max(...values.map(Math.abs)));
          for (const each of smooth(values, weight)) {
            expect(each).toBeGreaterThanOrEqual(Math.min(...values) - slack);
            expect(each).toBeLessThanOrEqual(Math.max(...values) + slack);
          }
        },
      ),
    );
  });
});
