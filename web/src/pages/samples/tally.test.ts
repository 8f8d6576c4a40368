import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chance, wilson } from './tally.ts';

const judged = fc.record({ first: fc.nat(300), second: fc.nat(300), ties: fc.nat(9) });

describe('a blind test', () => {
  it('says nothing where it is even, or nothing was judged', () => {
    expect(chance({ first: 0, second: 0, ties: 9 })).toBe(1);
    expect(chance({ first: 4, second: 4, ties: 0 })).toBe(1);
  });

  it('is as likely by chance as the exact binomial test says: 9 of 10 in 2.15 %, 5 of 5 in 6.25 %', () => {
    expect(chance({ first: 9, second: 1, ties: 0 })).toBeCloseTo(0.021484, 6);
    expect(chance({ first: 0, second: 5, ties: 3 })).toBeCloseTo(0.0625, 9);
  });

  it('is told of thousands as of a few', () => {
    expect(chance({ first: 2600, second: 2400, ties: 0 })).toBeCloseTo(0.0049, 3);
    expect(chance({ first: 2501, second: 2500, ties: 0 })).toBeGreaterThan(0.97);
  });

  it('is between impossible and certain, whichever side it is, and less likely the more uneven', () => {
    fc.assert(
      fc.property(judged, ({ first, second, ties }) => {
        const by = chance({ first, second, ties });
        expect(by).toBeGreaterThanOrEqual(0);
        expect(by).toBeLessThanOrEqual(1);
        expect(chance({ first: second, second: first, ties })).toBeCloseTo(by, 9);
        const further = first >= second ? { first: first + 1, second } : { first, second: second + 1 };
        if (first !== second) expect(chance({ ...further, ties })).toBeLessThanOrEqual(by + 1e-9);
      }),
    );
  });

  it('has its share within the interval of Wilson: 7 of 8 within 53 and 98 %', () => {
    const [low, high] = wilson({ first: 7, second: 1, ties: 0 });
    expect(low).toBeCloseTo(0.5291, 4);
    expect(high).toBeCloseTo(0.9776, 4);
    fc.assert(
      fc.property(judged, (tally) => {
        const [low, high] = wilson(tally);
        const all = tally.first + tally.second;
        const share = all === 0 ? 0.5 : tally.first / all;
        expect(low).toBeLessThanOrEqual(share + 1e-9);
        expect(high).toBeGreaterThanOrEqual(share - 1e-9);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});
