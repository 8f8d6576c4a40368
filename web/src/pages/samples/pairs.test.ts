import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleGrid } from './grid.ts';
import { blindPairs, dealt, pairKey } from './pairs.ts';
import { isOfPairs, isTestName, newTestName } from './test-name.ts';
import { sample } from './testing.ts';

const run = (id: string, steps: readonly number[], prompts = 3) => ({
  id,
  name: id,
  samples: steps.flatMap((step) =>
    Array.from({ length: prompts }, (_, prompt) =>
      sample({
        id: `${id}-${step}-${prompt}`,
        step,
        prompt,
        text: `prompt ${prompt}`,
        seed: 42 + prompt,
        name: `${id}-${step}-${prompt}`,
      }),
    ),
  ),
});

/** The same letters each time. */
const newNameOf = (number: number) =>
  [...number.toString(16).padStart(24, '0')].map((digit) => 'abcdefghijklmnop'[Number.parseInt(digit, 16)]).join('');

describe('the pairs of a blind test', () => {
  const grid = sampleGrid([run('A', [100, 200, 300]), run('B', [100, 200, 300])]);

  it('have one prompt, one seed and one step each, and every picture stands in one of them', () => {
    const { pairs, exact } = blindPairs(grid, 'A', 'B');
    expect(exact).toBe(true);
    expect(pairs).toHaveLength(9);
    for (const { first, second } of pairs) {
      expect([second.text, second.seed, second.step]).toEqual([first.text, first.seed, first.step]);
    }
    expect(new Set(pairs.flatMap(({ first, second }) => [first.name, second.name])).size).toBe(18);
  });

  it('come in the same order on the same sides for one test, and otherwise for another', () => {
    const { pairs } = blindPairs(grid, 'A', 'B');
    const told = (test: string, of = pairs) => dealt(of, test).map(({ first, swapped }) => `${first.name} ${swapped}`);
    expect(told('a')).toEqual(told('a', pairs.toReversed()));
    expect(told('b')).not.toEqual(told('a'));
    expect(
      told('a')
        .map((each) => each.split(' ')[0])
        .sort(),
    ).toEqual(pairs.map(({ first }) => first.name).sort());
  });

  it('have each run on either side about as often, and stand at each place about as often', () => {
    const { pairs } = blindPairs(grid, 'A', 'B');
    let swapped = 0;
    const first = new Map<string, number>();
    for (let test = 0; test < 900; test++) {
      const order = dealt(pairs, newNameOf(test));
      swapped += order.filter((pair) => pair.swapped).length;
      const key = order[0]?.first.name ?? '';
      first.set(key, (first.get(key) ?? 0) + 1);
    }
    expect(swapped / (900 * 9)).toBeGreaterThan(0.47);
    expect(swapped / (900 * 9)).toBeLessThan(0.53);
    expect(first.size).toBe(9);
    expect(Math.max(...first.values())).toBeLessThan(150);
  });

  it('are known again by the name of their test, in any order, and others are not', () => {
    const keys = blindPairs(grid, 'A', 'B').pairs.map(pairKey);
    const test = newTestName(keys);
    expect(isTestName(test)).toBe(true);
    expect(isOfPairs(test, keys.toReversed())).toBe(true);
    expect(isOfPairs(test, keys.slice(1))).toBe(false);
    expect(newTestName(keys)).not.toBe(test);
    for (const wrong of ['', 'abc', '1e4', test.toUpperCase(), `${test}a`]) expect(isTestName(wrong)).toBe(false);
  });

  it('are of the nearest steps where no step is common, and that is said', () => {
    const other = sampleGrid([run('A', [100, 200], 1), run('B', [90, 210, 900], 1)]);
    const { pairs, exact } = blindPairs(other, 'A', 'B');
    expect(exact).toBe(false);
    expect(pairs.map(({ first, second }) => [first.step, second.step]).sort()).toEqual([
      [100, 90],
      [200, 210],
    ]);
  });

  it('never show a picture twice, whatever steps the runs have', () => {
    const steps = fc.uniqueArray(fc.nat(50), { maxLength: 8 });
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const { pairs } = blindPairs(sampleGrid([run('A', a, 2), run('B', b, 2)]), 'A', 'B');
        const shown = pairs.flatMap(({ first, second }) => [first.name, second.name]);
        expect(new Set(shown).size).toBe(shown.length);
        for (const { first, second } of pairs) expect(first.text).toBe(second.text);
      }),
    );
  });
});
