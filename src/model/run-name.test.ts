import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, familyOf, parseRunName } from './run-name.ts';

describe('a run’s name', () => {
  test.each([
    ['noob-grey_wolf-v1s2400', 'noob', 'grey_wolf', '1', 2400],
    ['noob-grey-wolf-v2', 'noob', 'grey-wolf', '2', null],
    ['noob-wolf-v1.5b', 'noob', 'wolf', '1.5b', null],
    ['noob-wolf-v1s2400-000010.safetensors', 'noob', 'wolf', '1', 2400],
    ['wolf-v3', null, 'wolf', '3', null],
    ['wolf_03', null, 'wolf', '03', null],
    ['wolf-v3s900', null, 'wolf', '3', 900],
    ['noob-wolf-v3-900', 'noob', 'wolf', '3', 900],
    ['noob-wolf-v3-s900', 'noob', 'wolf', '3', 900],
    ['noob-wolf-v3_900steps', 'noob', 'wolf', '3', 900],
    ['noob-wolf-v3-900-steps', 'noob', 'wolf', '3', 900],
    ['noob-wolf-v3-step900', 'noob', 'wolf', '3', 900],
    ['noob-wolf-v1.5b-12000', 'noob', 'wolf', '1.5b', 12000],
    ['noob-wolf-v3-100000', 'noob', 'wolf', '3', 100000],
    ['noob-wolf-v3-900-000010.safetensors', 'noob', 'wolf', '3', 900],
    ['wolf-v3-900', null, 'wolf', '3', 900],
    ['noob-wolf-v3_2', 'noob', 'wolf', '3_2', null],
    ['noob-wolf-v3_2024', 'noob', 'wolf', '3_2024', null],
    ['noob-wolf-v3-2', null, null, null, null],
    ['wolf-900', null, 'wolf', '900', null],
    ['wolf-000010', null, null, null, null],
    ['wolf', null, null, null, null],
    ['', null, null, null, null],
  ])('%s', (full, model, dataset, version, steps) => {
    expect(parseRunName(full)).toEqual({ full, model, dataset, version, steps });
  });

  test('can be any text', () => {
    fc.assert(fc.property(fc.string(), (full) => parseRunName(full).full === full));
  });

  test('is read in linear time', () => {
    const started = performance.now();
    for (const text of [
      '-v1'.repeat(20_000),
      'v1-'.repeat(20_000),
      'v1s'.repeat(20_000),
      'a_'.repeat(30_000),
      `v${'1.'.repeat(30_000)}`,
    ])
      parseRunName(text);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('a family', () => {
  test.each([
    ['noob-grey_wolf-v1s2400', '/data/x', 'noob-grey_wolf'],
    ['wolf-v3', '/data/x', 'wolf'],
    ['last', '/data/wolf', 'wolf'],
    ['last', '/data/wolf/images', 'wolf'],
    ['last', '/data/wolf/5_grey wolf', 'wolf'],
    ['last', '/', 'last'],
    ['last', null, 'last'],
    ['wolf-000010', null, 'wolf'],
  ])('%s trained on %s is %s', (name, dataset, family) => {
    expect(familyOf(parseRunName(name), dataset)).toBe(family);
  });
});

test('versions are ordered by their numbers', () => {
  const versions = ['10', '2', '1.10', '1.2', '3b', '3', '03', null];
  expect(versions.toSorted(compareVersions)).toEqual([null, '1.2', '1.10', '2', '03', '3', '3b', '10']);
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      (a, b) => Math.sign(compareVersions(a, b)) === -Math.sign(compareVersions(b, a)),
    ),
  );
});
