/** Changes planted in a world, one at a time and several at once: each is told, and nothing else is. */
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/diff/change.ts';
import { idle, plants, samples } from './plants.ts';
import { changesOf, type Planted, plantedWorld, sideOf, tellAll } from './side.ts';

async function planted(...plant: ((world: Planted) => void)[]): Promise<string[]> {
  const world = plantedWorld();
  try {
    const before = await sideOf(world);
    for (const each of plant) each(world);
    return tellAll(await changesOf(before, await sideOf(world)));
  } finally {
    world.remove();
  }
}

/** What cannot be read before a launch without waiting: large files and images are hashed while the trainer runs. */
const isUnhashed = (line: string) => / unknown /.test(line);
const acting = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('(') && !isUnhashed(line));

describe('a change is told, and nothing of another area with it', () => {
  test.each(plants)('%s', async (_, plant, told) => {
    const lines = acting(await planted(plant));
    expect(lines.join('\n')).toMatch(new RegExp(told.source, 'm'));
    expect(new Set(lines.map((line) => line.split(' ', 1)[0])).size).toBe(1);
  });

  test.each(samples)('%s, which trains nothing', async (_, plant, told) => {
    const lines = await planted(plant);
    expect(lines.join('\n')).toMatch(told);
    expect(acting(lines)).toEqual([]);
  });
});

describe('no change of effect is told for', () => {
  test.each(idle)('%s', async (_, plant) => {
    expect(acting(await planted(plant))).toEqual([]);
  });
});

describe('several at once', () => {
  test('are each told', async () => {
    const names = [
      'a rate',
      'the seed',
      'the network',
      'an argument of the optimizer',
      'an image that went',
      'a variable',
    ];
    names.push('a tag in place of another', 'a changed line of code', 'a new module', 'a package’s version', 'a VAE');
    const some = plants.filter(([name]) => names.includes(name));
    expect(some).toHaveLength(names.length);
    const lines = acting(await planted(...some.map(([, plant]) => plant)));
    for (const [, , told] of some) expect(lines.join('\n')).toMatch(new RegExp(told.source, 'm'));
  });

  test('of no effect stay without', async () => {
    const some = idle.filter(([name]) => !/another place|order|spelling|caption/.test(name));
    expect(acting(await planted(...some.map(([, plant]) => plant)))).toEqual([]);
  });
});

test('a world does not differ from itself, and differs back as it differs forth', async () => {
  const turned: Record<string, string> = { added: 'removed', removed: 'added' };
  const world = plantedWorld();
  try {
    const before = await sideOf(world);
    expect(await changesOf(before, before)).toEqual([]);
    for (const [name, plant] of plants)
      if (/^(?:a rate|an image that went|a new module|a package)/.test(name)) plant(world);
    const after = await sideOf(world);
    const key = ({ area, kind, subject }: Change) => `${area} ${kind} ${subject}`;
    const forth = (await changesOf(before, after)).map((each) =>
      key({ ...each, kind: (turned[each.kind] ?? each.kind) as Change['kind'] }),
    );
    expect((await changesOf(after, before)).map(key).sort()).toEqual(forth.sort());
    expect(forth.length).toBeGreaterThan(10);
  } finally {
    world.remove();
  }
});

test('configurations of the same meaning, however they are written, have no change of effect', async () => {
  const world = plantedWorld();
  try {
    const before = await sideOf(world);
    const lines = readFileSync(world.config, 'utf8')
      .split('\n')
      .filter((line) => line.includes(' = '));
    const spelled = (line: string, how: number) => {
      const [key = '', value = ''] = line.split(' = ');
      const number = Number(value);
      if (!Number.isFinite(number))
        return how % 2 === 0 ? `${key}=${value}` : `"${key}" = ${value.replaceAll('"', "'")}`;
      if (Number.isInteger(number)) return `${key} = ${how % 2 === 0 ? value : `+${value}`} # ${how}`;
      return `${key} = ${how % 2 === 0 ? number.toFixed(6) : number.toExponential(2).replace('e-', 'E-')}`;
    };
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(lines, { minLength: lines.length }),
        fc.array(fc.nat(9), { minLength: lines.length, maxLength: lines.length }),
        async (shuffled, how) => {
          const text = shuffled.map(
            (line, at) => `${how[at]! > 7 ? `[section_${at}]\n` : ''}${spelled(line, how[at]!)}`,
          );
          writeFileSync(world.config, `# again\n${text.join('\n')}\n`);
          expect(acting(tellAll(await changesOf(before, await sideOf(world))))).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  } finally {
    world.remove();
  }
});
