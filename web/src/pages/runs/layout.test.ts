import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../../../src/api/index.ts';
import { familyLayout, flatLayout } from './layout.ts';

const family = (name: string, runs: number) => ({ family: name, runs }) as Family;
const told = (layout: ReturnType<typeof flatLayout>) =>
  Array.from({ length: layout.count }, (_, index) => {
    const place = layout.at(index);
    return place.kind === 'family' ? `${place.family.family}${place.open ? '' : ' folded'}` : place.number;
  });

describe('the rows of the list', () => {
  it('are the runs by their numbers', () => {
    expect(told(flatLayout(3))).toEqual([0, 1, 2]);
  });

  it('are families, with the runs of those that are open', () => {
    const layout = familyLayout([family('wolf', 2), family('cat', 3), family('fox', 1)], (name) => name !== 'cat');
    expect(told(layout)).toEqual(['wolf', 0, 1, 'cat folded', 'fox', 5]);
    expect([layout.rowOf(1), layout.rowOf(3), layout.rowOf(5)]).toEqual([2, -1, 5]);
  });

  it('have each run of an open family once, in order, whatever is folded', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean())), (all) => {
        const families = all.map(([runs], index) => family(String(index), runs));
        const layout = familyLayout(families, (name) => all[Number(name)]?.[1] === true);
        const numbers = told(layout).filter((each) => typeof each === 'number');
        const open = all.reduce((sum, [runs, isOpen]) => sum + (isOpen ? runs : 0), 0);
        expect(numbers).toHaveLength(open);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => Number(a) - Number(b)));
        for (const number of numbers) expect(layout.at(layout.rowOf(Number(number)))).toMatchObject({ number });
        for (let index = 0; index < layout.count; index++)
          expect(layout.isFamily(index)).toBe(layout.at(index).kind === 'family');
      }),
    );
  });
});
