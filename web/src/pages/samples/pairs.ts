/** The pairs of a blind test: one prompt at one step of two runs, sides and order by chance. */
import type { SampleRow } from '../../../../src/api/index.ts';
import { cellKey, isShown, type PromptRow, type SampleGrid } from './grid.ts';
import { shuffled } from './tally.ts';

export interface BlindPair {
  prompt: PromptRow;
  first: SampleRow;
  second: SampleRow;
  /** The first run's picture stands on the right. */
  swapped: boolean;
}

/**
 * Pairs of the same step; where the runs have none, of the steps nearest to each other.
 *
 * @param random gives numbers from 0 to below 1
 */
export function blindPairs(
  grid: SampleGrid,
  first: string,
  second: string,
  random: () => number = Math.random,
): { pairs: BlindPair[]; exact: boolean } {
  const found = grid.rows.flatMap((row) => together(grid, row, first, second, true));
  const exact = found.length > 0;
  const pairs = exact ? found : grid.rows.flatMap((row) => together(grid, row, first, second, false));
  return { pairs: shuffled(pairs, random).map((pair) => ({ ...pair, swapped: random() < 0.5 })), exact };
}

function together(grid: SampleGrid, prompt: PromptRow, first: string, second: string, exact: boolean) {
  const of = (run: string) =>
    grid.places.flatMap((place, index) => {
      const sample = prompt.cells.get(cellKey(run, place.key));
      return isShown(sample) ? [{ sample, key: place.key, order: place.step ?? index }] : [];
    });
  const others = of(second);
  return of(first).flatMap((one): Omit<BlindPair, 'swapped'>[] => {
    const [other] = others
      .filter(({ key }) => !exact || key === one.key)
      .sort((a, b) => Math.abs(a.order - one.order) - Math.abs(b.order - one.order));
    // Each picture is judged once.
    if (other) others.splice(others.indexOf(other), 1);
    return other ? [{ prompt, first: one.sample, second: other.sample }] : [];
  });
}
