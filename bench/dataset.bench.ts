/** A dataset of 10,000 images recorded for the first time, and again unchanged, against `git add`. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command, shell, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { dataset, git } from './worlds.ts';

const benchmark: Benchmark = (directory) => {
  const images = dataset(join(directory, 'dataset'), 10_000, 50_000);
  const cold = join(directory, 'cold');
  const warm = join(directory, 'warm');
  const bare = join(directory, 'bare.git');
  const record = (home: string) => {
    command([...spoor('run', '--name', 'bench', '--dataset', images), '--', 'true'], {
      cwd: directory,
      env: { SPOOR_HOME: home },
    });
    // What the command leaves to the background counts too.
    shell('while [ -n "$(ls -A "$1/active")" ]; do sleep 0.02; done', [home]);
  };
  const add = () => git(directory, '--git-dir', bare, '--work-tree', images, 'add', '--all');
  const empty = () => {
    rmSync(bare, { recursive: true, force: true });
    mkdirSync(bare);
    git(bare, 'init', '--quiet', '--bare');
    git(bare, 'config', 'core.bare', 'false');
  };
  return [
    {
      name: '10,000 images, first time',
      peerName: 'git add',
      goal: 1,
      turns: 3,
      ours: { prepare: () => rmSync(cold, { recursive: true, force: true }), run: () => record(cold) },
      peer: { prepare: empty, run: add },
    },
    {
      name: '10,000 images, unchanged',
      peerName: 'git add',
      goal: 2,
      turns: 5,
      ours: { run: () => record(warm) },
      peer: { run: add },
    },
  ];
};
export default benchmark;
