import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { shown, spoor } from '../support/spoor.ts';
import { temporaryWorld } from './play.ts';

const runs = 32;

test('32 runs recorded at once into one home: none is lost, each has all its facts', { timeout: 180_000 }, async () => {
  const world = temporaryWorld();
  world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
  const train = (index: number) =>
    spoor(world, [
      'run',
      '--name',
      `wolf-v${index}`,
      '--',
      'python3',
      `${world.trainer}/train_network.py`,
      '--config_file',
      world.config,
      '--output_dir',
      join(world.root, `out/${index}`),
    ]);
  const results = await Promise.all(Array.from({ length: runs }, (_, index) => train(index)));
  expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(runs).fill(0));
  const listed = JSON.parse(String((await spoor(world, ['ls', '--json'])).stdout)) as Run[];
  expect(listed.map(({ status }) => status)).toEqual(Array(runs).fill('succeeded'));
  const all: Run[] = [];
  for (const { id } of listed) all.push(await shown(world, id));
  expect(new Set(all.map((run) => run.name.full)).size).toBe(runs);
  for (const run of all) {
    expect(run).toMatchObject({ exitCode: 0, warnings: [], dataset: { images: 3, captions: 3 } });
    expect(run.repos.map(({ dirty, history, snapshot }) => [dirty, history, snapshot === null])).toEqual([
      [true, true, false],
    ]);
    expect(run.artifacts.filter(({ kind }) => kind === 'checkpoint').length).toBeGreaterThan(0);
    expect(run.files.map(({ role }) => role)).toEqual(expect.arrayContaining(['config', 'prompts', 'base-model']));
    expect(run.files.every(({ sha256 }) => sha256 !== null)).toBe(true);
  }
  const verified = await spoor(world, ['verify']);
  expect([verified.exitCode, verified.stderr]).toEqual([0, verified.stderr]);
});
