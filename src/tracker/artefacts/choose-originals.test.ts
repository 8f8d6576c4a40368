import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseOriginals } from './choose-originals.ts';

const step = (at: number, bytes = 1) => ({ path: `${at}`, step: at, epoch: null, bytes, final: false });
const steps = (samples: readonly { step: number | null }[]) => samples.map((each) => each.step);

describe('originals that are kept', () => {
  it('are the last and the first, then what lies between, evenly', () => {
    const all = Array.from({ length: 9 }, (_, i) => step(i + 1));
    expect(steps(chooseOriginals(all, 1))).toEqual([9]);
    expect(steps(chooseOriginals(all, 2))).toEqual([1, 9]);
    expect(steps(chooseOriginals(all, 3))).toEqual([1, 5, 9]);
    expect(steps(chooseOriginals(all, 5))).toEqual([1, 3, 5, 7, 9]);
    expect(steps(chooseOriginals(all, 100))).toEqual(steps(all));
    expect(chooseOriginals(all, 0)).toEqual([]);
    expect(chooseOriginals([], 5)).toEqual([]);
  });

  it('are whole steps within the budget, the same for the same samples', () => {
    const samples = fc.array(fc.record({ at: fc.nat(6), bytes: fc.nat(50) }), { maxLength: 30 });
    fc.assert(
      fc.property(samples, fc.nat(300), (drawn, budget) => {
        const all = drawn.map(({ at, bytes }, i) => ({ ...step(at, bytes), path: `${i}` }));
        const chosen = chooseOriginals(all, budget);
        expect(chosen.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(budget);
        const kept = new Set(steps(chosen));
        expect(chosen).toHaveLength(all.filter((each) => kept.has(each.step)).length);
        expect(new Set(chooseOriginals(all.toReversed(), budget))).toEqual(new Set(chosen));
      }),
    );
  });
});
