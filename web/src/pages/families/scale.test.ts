import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticksOf } from './scale.ts';

describe('a scale', () => {
  it('has round ticks within the values and a little beyond', () => {
    expect(ticksOf([0.11, 0.19], 0, 100).ticks).toEqual([0.12, 0.14, 0.16, 0.18]);
  });

  it('goes by powers of ten where the values span more than a hundredfold', () => {
    const { ticks, at } = ticksOf([1e-6, 1e-3], 0, 100);
    expect(ticks.map((tick) => tick.toExponential(0))).toEqual(['1e-6', '1e-5', '1e-4', '1e-3']);
    expect(at(1e-5) - at(1e-6)).toBeCloseTo(at(1e-4) - at(1e-5), 9);
  });

  it('puts every value between its ends, also where there is only one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const { at, ticks } = ticksOf(values, 0, 100);
          for (const value of values) expect(at(value)).toBeGreaterThanOrEqual(-1e-6);
          for (const value of values) expect(at(value)).toBeLessThanOrEqual(100 + 1e-6);
          expect(ticks.length).toBeLessThan(12);
        },
      ),
    );
  });
});
