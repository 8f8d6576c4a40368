import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidence, shuffled } from './tally.ts';

describe('a blind test', () => {
  it('says nothing where it is even, or nothing was judged', () => {
    expect(confidence({ first: 0, second: 0, ties: 9 })).toBe(0);
    expect(confidence({ first: 4, second: 4, ties: 0 })).toBe(0);
  });

  it('is as sure as a sign test: 9 of 10 by 97.9 %, 5 of 5 by 93.75 %', () => {
    expect(confidence({ first: 9, second: 1, ties: 0 })).toBeCloseTo(0.9785, 4);
    expect(confidence({ first: 0, second: 5, ties: 3 })).toBeCloseTo(0.9375, 6);
  });

  it('is between nothing and certain, whichever side it is', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (first, second) => {
        const sure = confidence({ first, second, ties: 0 });
        expect(sure).toBeGreaterThanOrEqual(0);
        expect(sure).toBeLessThanOrEqual(1);
        expect(confidence({ first: second, second: first, ties: 0 })).toBeCloseTo(sure, 12);
      }),
    );
  });

  it('shows every pair once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        expect(shuffled(items).sort()).toEqual([...items].sort());
      }),
    );
  });
});
