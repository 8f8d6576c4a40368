import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZoom, scaled, spread, writeZoom } from './zoom.ts';

describe('the part of an axis in an address', () => {
  it('is read as it was written', () => {
    expect(writeZoom({ axis: 'step', from: 100, to: 250.5 })).toBe('step:100:250.5');
    expect(readZoom('duration:0:90')).toEqual({ axis: 'duration', from: 0, to: 90 });
    expect(writeZoom(null)).toBe(undefined);
  });

  it.each([undefined, '', 'step', 'step:1', 'step:2:1', 'step:1:1', 'step::5', 'miles:1:2', 'step:a:b', 'step:1:2:3'])(
    '%s is none',
    (text) => {
      expect(readZoom(text)).toBe(null);
    },
  );

  it('is either a part or none, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'step:epoch0123456789.-e Infinity') }), (text) => {
        const zoom = readZoom(text);
        if (zoom) expect(zoom.from).toBeLessThan(zoom.to);
      }),
    );
  });
});

describe('looking closer', () => {
  it('goes to half around a point, and back to all', () => {
    expect(scaled([0, 100], [0, 100], 50, 0.5)).toEqual([25, 75]);
    expect(scaled([0, 100], [0, 100], 100, 0.5)).toEqual([50, 100]);
    expect(scaled([25, 75], [0, 100], 50, 2)).toBe(null);
  });

  it('stays within what there is', () => {
    const numbers = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(numbers, numbers, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, b, by) => {
        fc.pre(a < b);
        const found = scaled([a, b], [a, b], (a + b) / 2, by);
        if (found) {
          expect(found[0]).toBeGreaterThanOrEqual(a);
          expect(found[1]).toBeLessThanOrEqual(b);
          expect(found[0]).toBeLessThan(found[1]);
        }
      }),
    );
  });
});

describe('two fingers', () => {
  it('keep the values that they are on, as far as there are any beside them', () => {
    expect(spread([40, 60], [0.2, 0.8], [0, 100])).toEqual([expect.closeTo(33.33), expect.closeTo(66.67)]);
    expect(spread([0, 20], [0.5, 1], [0, 100])).toEqual([0, 40]);
    expect(spread([80, 100], [0, 0.5], [0, 100])).toEqual([60, 100]);
  });

  it('see all when they come together or pass each other', () => {
    expect(spread([20, 80], [0.45, 0.55], [0, 100])).toBe(null);
    expect(spread([20, 80], [0.6, 0.4], [0, 100])).toBe(null);
    expect(spread([20, 80], [0.5, 0.5], [0, 100])).toBe(null);
  });

  it('never leave what there is', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        const found = spread([a * 50, b * 50], [c, d], [0, 50]);
        if (!found) return;
        expect(found[0]).toBeGreaterThanOrEqual(0);
        expect(found[1]).toBeLessThanOrEqual(50 + 1e-9);
      }),
    );
  });
});
