/** The pairs of a blind test: one prompt at one step of two runs, sides and order as the test's name has them. */
import type { SampleRow } from '../../../../src/api/index.ts';
import { cellKey, isShown, type PromptRow, type SampleGrid } from './grid.ts';
import { hashOf } from './test-name.ts';

export interface BlindPair {
  prompt: Pick<PromptRow, 'index' | 'text'>;
  first: SampleRow;
  second: SampleRow;
}

export interface DealtPair extends BlindPair {
  /** The first run's picture stands on the right. */
  swapped: boolean;
}

/** Pairs of the same step; where the runs have none, of the steps nearest to each other. */
export function blindPairs(grid: SampleGrid, first: string, second: string): { pairs: BlindPair[]; exact: boolean } {
  const found = grid.rows.flatMap((row) => together(grid, row, first, second, true));
  const exact = found.length > 0;
  return { exact, pairs: exact ? found : grid.rows.flatMap((row) => together(grid, row, first, second, false)) };
}

function together(grid: SampleGrid, prompt: PromptRow, first: string, second: string, exact: boolean): BlindPair[] {
  const of = (run: string) =>
    grid.places.flatMap((place, index) => {
      const sample = prompt.cells.get(cellKey(run, place.key));
      return isShown(sample) ? [{ sample, key: place.key, order: place.step ?? index }] : [];
    });
  const others = of(second);
  return of(first).flatMap((one): BlindPair[] => {
    const [other] = others
      .filter(({ key }) => !exact || key === one.key)
      .sort((a, b) => Math.abs(a.order - one.order) - Math.abs(b.order - one.order));
    // Each picture is judged once.
    if (other) others.splice(others.indexOf(other), 1);
    return other ? [{ prompt, first: one.sample, second: other.sample }] : [];
  });
}

/** What is told of a pair by its pictures alone. */
export const pairKey = ({ first, second }: BlindPair): string => `${first.id} ${second.id}`;

/** In the order of a test, each picture on its side: the same for the same pairs and name, whenever it is asked. */
export function dealt(pairs: readonly BlindPair[], test: string): DealtPair[] {
  return pairs
    .map((pair) => ({ pair: seated(pair, test), order: hashOf(`${test} order ${pairKey(pair)}`) }))
    .sort((a, b) => a.order - b.order)
    .map(({ pair }) => pair);
}

export const seated = (pair: BlindPair, test: string): DealtPair => ({
  ...pair,
  swapped: hashOf(`${test} side ${pairKey(pair)}`) % 2 === 1,
});
