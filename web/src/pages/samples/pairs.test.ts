import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleGrid } from './grid.ts';
import { blindPairs } from './pairs.ts';
import { sample } from './testing.ts';

/** The same numbers each time for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const run = (id: string, steps: readonly number[], prompts = 3) => ({
  id,
  name: id,
  samples: steps.flatMap((step) =>
    Array.from({ length: prompts }, (_, prompt) =>
      sample({ step, prompt, text: `prompt ${prompt}`, seed: 42 + prompt, name: `${id}-${step}-${prompt}` }),
    ),
  ),
});

describe('the pairs of a blind test', () => {
  const grid = sampleGrid([run('A', [100, 200, 300]), run('B', [100, 200, 300])]);

  it('have one prompt, one seed and one step each, and every picture stands in one of them', () => {
    const { pairs, exact } = blindPairs(grid, 'A', 'B', seeded(1));
    expect(exact).toBe(true);
    expect(pairs).toHaveLength(9);
    for (const { first, second } of pairs) {
      expect([second.text, second.seed, second.step]).toEqual([first.text, first.seed, first.step]);
    }
    expect(new Set(pairs.flatMap(({ first, second }) => [first.name, second.name])).size).toBe(18);
  });

  it('come in the same order on the same sides where the seed is the same, and in another where it is not', () => {
    const told = (seed: number) =>
      blindPairs(grid, 'A', 'B', seeded(seed)).pairs.map(({ first, swapped }) => `${first.name} ${swapped}`);
    expect(told(7)).toEqual(told(7));
    expect(told(8)).not.toEqual(told(7));
  });

  it('have each run on either side about as often', () => {
    let swapped = 0;
    for (let seed = 0; seed < 400; seed++) {
      swapped += blindPairs(grid, 'A', 'B', seeded(seed)).pairs.filter((pair) => pair.swapped).length;
    }
    expect(swapped / (400 * 9)).toBeGreaterThan(0.46);
    expect(swapped / (400 * 9)).toBeLessThan(0.54);
  });

  it('are of the nearest steps where no step is common, and that is said', () => {
    const other = sampleGrid([run('A', [100, 200], 1), run('B', [90, 210, 900], 1)]);
    const { pairs, exact } = blindPairs(other, 'A', 'B', seeded(1));
    expect(exact).toBe(false);
    expect(pairs.map(({ first, second }) => [first.step, second.step]).sort()).toEqual([
      [100, 90],
      [200, 210],
    ]);
  });

  it('never show a picture twice, whatever steps the runs have', () => {
    const steps = fc.uniqueArray(fc.nat(50), { maxLength: 8 });
    fc.assert(
      fc.property(steps, steps, fc.nat(), (a, b, seed) => {
        const { pairs } = blindPairs(sampleGrid([run('A', a, 2), run('B', b, 2)]), 'A', 'B', seeded(seed));
        const shown = pairs.flatMap(({ first, second }) => [first.name, second.name]);
        expect(new Set(shown).size).toBe(shown.length);
        for (const { first, second } of pairs) expect(first.text).toBe(second.text);
      }),
    );
  });
});
