import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Places } from './places.ts';
import { rewriteCommand } from './rewrite.ts';

let root: string;
let into: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-places-')));
  into = join(root, 'into');
  for (const path of ['repos/sd-scripts/networks', 'dataset']) mkdirSync(join(into, path), { recursive: true });
  for (const path of ['repos/sd-scripts/train_network.py', 'config.toml']) writeFileSync(join(into, path), '');
  mkdirSync(join(root, 'lab/venv/bin'), { recursive: true });
  mkdirSync(join(root, 'lab/sd-scripts/venv/bin'), { recursive: true });
  for (const path of ['lab/venv/bin/python', 'lab/sd-scripts/venv/bin/python']) writeFileSync(join(root, path), '');
});
afterEach(() => rmSync(root, { recursive: true }));

/** @param cwd below `lab` */
function placesFrom(cwd: string): Places {
  const lab = (path: string) => join(root, 'lab', path);
  const places = new Places({
    cwd: lab(cwd),
    into,
    moved: [
      [lab('data/wolf'), join(into, 'dataset')],
      [lab('config.toml'), join(into, 'config.toml')],
      [lab('sd-scripts'), join(into, 'repos/sd-scripts')],
    ],
    named: [lab('models/base.safetensors')],
    keys: ['config_file', 'pretrained_model_name_or_path'],
  });
  places.make(lab('out'), join(into, 'output'));
  return places;
}

describe('a command started in its repository', () => {
  test('goes on with relative paths that lead to the same files', () => {
    const places = placesFrom('sd-scripts');
    expect(places.newCwd).toBe(join(into, 'repos/sd-scripts'));
    const command = ['python', 'train_network.py', '--network_module', 'networks.lora', '--output_name', 'networks'];
    expect(rewriteCommand(command, places)).toEqual(command);
  });

  test('names absolutely what lies outside, restored or not', () => {
    const command = ['venv/bin/python', 'train_network.py', '--config_file=../config', '--output_dir', '../out'];
    const models = ['--pretrained_model_name_or_path', '../models/base.safetensors', '--vae', 'stabilityai/vae'];
    expect(rewriteCommand([...command, ...models], placesFrom('sd-scripts'))).toEqual([
      join(root, 'lab/sd-scripts/venv/bin/python'),
      'train_network.py',
      `--config_file=${join(into, 'config.toml')}`,
      '--output_dir',
      join(into, 'output'),
      '--pretrained_model_name_or_path',
      join(root, 'lab/models/base.safetensors'),
      '--vae',
      'stabilityai/vae',
    ]);
  });
});

test('a command started above its repository names everything by where it is now', () => {
  const places = placesFrom('');
  expect(places.newCwd).toBe(into);
  const command = ['./venv/bin/python', 'sd-scripts/train_network.py', '--config_file', 'config.toml'];
  expect(rewriteCommand([...command, '--train_data_dir', 'data/wolf', '--output_name', 'out'], places)).toEqual([
    join(root, 'lab/venv/bin/python'),
    join(into, 'repos/sd-scripts/train_network.py'),
    '--config_file',
    'config.toml',
    '--train_data_dir',
    join(into, 'dataset'),
    '--output_name',
    'out',
  ]);
});

test('paths inside longer words are found: lists of directories, assignments, lines for a shell', () => {
  const [sd, now] = [join(root, 'lab/sd-scripts'), join(into, 'repos/sd-scripts')];
  const places = placesFrom('');
  const words = ['env', `PYTHONPATH=${sd}:/usr/lib`, 'sh', '-c', `cd '${sd}' && python ${sd}/train_network.py`];
  expect(rewriteCommand(words, places)).toEqual([
    'env',
    `PYTHONPATH=${now}:/usr/lib`,
    'sh',
    '-c',
    `cd '${now}' && python ${now}/train_network.py`,
  ]);
  expect(places.rewrite(`${sd}-other/x`, null)).toBe(`${sd}-other/x`);
});
