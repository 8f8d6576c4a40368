import { expect, test } from 'vitest';
import { trainingVariables } from './training-variables.ts';

const given = {
  name: 'noob-grey_wolf-v1s2400',
  steps: '',
  trainingDir: '',
  outputDir: '',
  cwd: '/lab',
  userHome: '/home/user',
};

test('the name tells the dataset and the steps; the rest is below the home directory', () => {
  expect(trainingVariables(given)).toEqual({
    name: 'noob-grey_wolf-v1s2400',
    dataset: 'grey_wolf',
    trainingDir: '/home/user/datasets/grey_wolf',
    steps: 2400,
    outputDir: '/home/user/output_dir',
    directory: '/home/user/output_dir/noob-grey_wolf-v1s2400',
    warning: null,
  });
});

test('what the script has set wins; relative paths are those of the directory that it runs in', () => {
  const set = { ...given, steps: '50', trainingDir: 'wolves', outputDir: '../out/' };
  expect(trainingVariables(set)).toMatchObject({
    dataset: 'grey_wolf',
    trainingDir: '/lab/wolves',
    steps: 50,
    directory: '/out/noob-grey_wolf-v1s2400',
  });
});

test('a ~ that quotes kept from the shell is the home directory all the same, at the beginning only', () => {
  const set = { ...given, trainingDir: '~/wolves', outputDir: '~' };
  expect(trainingVariables(set)).toMatchObject({ trainingDir: '/home/user/wolves', outputDir: '/home/user' });
  expect(trainingVariables({ ...given, outputDir: '~old/out' }).outputDir).toBe('/lab/~old/out');
});

test.each([
  ['noob-wolf-v3', '', { dataset: 'wolf', steps: null }],
  ['wolf_v3s900', '', { dataset: 'wolf', steps: 900 }],
  ['wolves', '', { dataset: 'wolves', trainingDir: '/home/user/datasets/wolves' }],
  ['try again', 'data/wolf', { dataset: 'wolf', trainingDir: '/lab/data/wolf' }],
])('of %s, outside the convention, the best is had, with a warning that shows it', (name, trainingDir, expected) => {
  const variables = trainingVariables({ ...given, name, trainingDir });
  expect(variables).toMatchObject(expected);
  expect(variables.warning?.message).toContain('{model}-{dataset}-v{version}s{steps}');
});

test.each(['', '.', '..', 'a/b', 'a\nb'])('%j cannot be a name', (name) => {
  expect(() => trainingVariables({ ...given, name })).toThrow("cannot be a run's name");
});

test.each(['0', '-1', '1e3', '12.5', 'many'])('%s is no number of steps', (steps) => {
  expect(() => trainingVariables({ ...given, steps })).toThrow('no number of steps');
});
