import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedScale, scaleOf, spread } from './outcome-scale.ts';

describe('a scale of settings', () => {
  it('has numbers by their size', () => {
    const { at, ticks } = scaleOf([1e-4, 4e-4], 0, 100);
    expect(at(4e-4)).toBeGreaterThan(at(1e-4));
    expect(ticks.map(({ label }) => label)).toContain('2e-4');
  });

  it('has all else side by side, each value once', () => {
    const { at, ticks } = scaleOf(['cosine', 'constant', 'cosine', null], 0, 90);
    expect(ticks).toEqual([
      { label: 'cosine', at: 15 },
      { label: 'constant', at: 45 },
      { label: '–', at: 75 },
    ]);
    expect(at('constant')).toBe(45);
  });

  it('has verdicts from the bottom up', () => {
    const { at } = namedScale(['failed', 'mixed', 'worked'], 100, 0, String);
    expect(at('worked')).toBeLessThan(at('failed'));
  });
});

describe('points that fall together', () => {
  it('are moved beside each other, and all others stay', () => {
    const points = [
      { x: 10, y: 10, name: 'a' },
      { x: 10, y: 10, name: 'b' },
      { x: 90, y: 10, name: 'c' },
    ];
    expect(spread(points, 12, [0, 100])).toEqual([
      { x: 4, y: 10, name: 'a' },
      { x: 16, y: 10, name: 'b' },
      { x: 90, y: 10, name: 'c' },
    ]);
  });

  it('are never lost, and stay within the drawing, however many they are', () => {
    const point = fc.record({ x: fc.nat(50), y: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 200 }), (points) => {
        const placed = spread(points, 12, [0, 50]);
        expect(placed).toHaveLength(points.length);
        for (const { x } of placed) {
          expect(x).toBeGreaterThanOrEqual(-1e-6);
          expect(x).toBeLessThanOrEqual(50 + 1e-6);
        }
      }),
    );
  });
});
