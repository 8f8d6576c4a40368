import { expect, it } from 'vitest';
import { isNaming } from '../trainers/naming.ts';
import { columnsOf } from './columns.ts';

const keys = (...runs: Parameters<typeof columnsOf>[0]) => columnsOf(runs).map(({ key }) => key);
const run = (family: string, settings: Record<string, string | number>) => ({ family, settings });

it('puts what was tried within a family before what only tells families apart', () => {
  const wolf = { caption_extension: '.txt', optimizer_type: 'AdamW8bit' };
  const cat = { caption_extension: '.caption', optimizer_type: 'AdamW8bit' };
  expect(
    keys(run('wolf', { ...wolf, unet_lr: 1e-4 }), run('wolf', { ...wolf, unet_lr: 2e-4 }), run('cat', cat)),
  ).toEqual(['unet_lr', 'caption_extension']);
});

it('puts what was tried in more families first, though fewer runs have it', () => {
  expect(
    keys(
      run('wolf', { scheduler: 'cosine', unet_lr: 1 }),
      run('wolf', { scheduler: 'constant', unet_lr: 2 }),
      run('cat', { scheduler: 'cosine', unet_lr: 1 }),
      run('cat', { scheduler: 'cosine', unet_lr: 2 }),
      run('cat', { scheduler: 'cosine' }),
    ),
  ).toEqual(['unet_lr', 'scheduler']);
});

it('puts names and paths, and what merely some runs have, last', () => {
  const first = { output_name: 'one', seed: 1, train_data_dir: '/data/a', comment: 'x' };
  expect(keys(run('wolf', first), run('wolf', { output_name: 'two', seed: 2, train_data_dir: '/data/b' }))).toEqual([
    'seed',
    'output_name',
    'train_data_dir',
    'comment',
  ]);
});

it('counts its absence among the values, and leaves out what every run has alike', () => {
  expect(columnsOf([run('a', { rank: 8, same: 1 }), run('a', { rank: 16, same: 1 }), run('b', { same: 1 })])).toEqual([
    { key: 'rank', values: 3, set: 2 },
  ]);
});

it('knows what the trainers only name things by', () => {
  expect(['log_prefix', 'output_name', 'output_dir', 'sample_prompts'].filter(isNaming)).toHaveLength(4);
  expect(['unet_lr', 'seed', 'train_data_dir', 'anything'].filter(isNaming)).toEqual([]);
});
