/** Which row of the list stands where: runs one below the other, or families with the runs of those that are open. */
import type { Family } from '../../../../src/api/index.ts';

export type Place =
  | { kind: 'family'; family: Family; open: boolean }
  /** The number of a run in the order of all that the query finds, and the family it must be of. */
  | { kind: 'run'; number: number; family: string | null };

export interface Layout {
  /** How many rows there are. */
  count: number;
  /** @param index from 0 to before `count` */
  at(index: number): Place;
  isFamily(index: number): boolean;
  /** Row of a run's number; -1 where its family is folded. */
  rowOf(number: number): number;
}

export function flatLayout(total: number): Layout {
  return {
    count: total,
    at: (index) => ({ kind: 'run', number: index, family: null }),
    isFamily: () => false,
    rowOf: (number) => number,
  };
}

export function familyLayout(families: readonly Family[], isOpen: (family: string) => boolean): Layout {
  /** Row of each family's heading, and the number of its first run. */
  const rows: number[] = [];
  const numbers: number[] = [];
  const open = families.map(({ family }) => isOpen(family));
  let [row, number] = [0, 0];
  for (const [index, { runs }] of families.entries()) {
    rows.push(row);
    numbers.push(number);
    row += 1 + (open[index] ? runs : 0);
    number += runs;
  }
  return {
    count: row,
    at(index) {
      const which = lastNotAbove(rows, index);
      const family = families[which] as Family;
      const within = index - (rows[which] as number);
      if (within === 0) return { kind: 'family', family, open: open[which] as boolean };
      return { kind: 'run', number: (numbers[which] as number) + within - 1, family: family.family };
    },
    isFamily: (index) => rows[lastNotAbove(rows, index)] === index,
    rowOf(number) {
      const which = lastNotAbove(numbers, number);
      return open[which] ? (rows[which] as number) + 1 + number - (numbers[which] as number) : -1;
    },
  };
}

/** Index of the last of rising numbers that is not above another. */
function lastNotAbove(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
