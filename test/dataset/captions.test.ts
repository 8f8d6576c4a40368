/** Which captions sd-scripts reads, and what is recorded of the others. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';

let world: World;
let folder: string;
beforeEach(() => {
  world = makeWorld();
  folder = join(world.dataset, '2_grey wolf');
});
afterEach(() => world.remove());

const without = (line: RegExp) => writeFileSync(world.config, readFileSync(world.config, 'utf8').replace(line, ''));
const unread = (run: Run) => run.warnings.filter(({ code }) => code === 'captions-not-read');

describe('captions', () => {
  test('of another extension than caption_extension are not counted, and told with the remedy', async () => {
    without(/^caption_extension.*\n/m);
    const { run, stderr } = await recorded(world, training(world));
    expect(run.dataset).toMatchObject({ files: 3, images: 3, captions: 0 });
    const message = `3 .txt files beside the images of ${world.dataset} are not read: caption_extension is ".caption"`;
    expect(unread(run)).toEqual([
      { code: 'captions-not-read', message, hint: 'Set caption_extension = ".txt" if they are its captions.' },
    ]);
    expect(stderr).toContain(message);
  });

  test('that are not read change nothing, and are kept all the same', async () => {
    without(/^caption_extension.*\n/m);
    const before = (await recorded(world, training(world))).run.dataset!;
    writeFileSync(join(folder, 'one.txt'), 'a caption that nobody reads');
    const after = (await recorded(world, training(world))).run.dataset!;
    expect(after.sha256).toBe(before.sha256);
    const object = join(world.spoorHome, 'objects', after.manifest!.slice(0, 2), after.manifest!);
    const lines = readFileSync(object, 'utf8').trim().split('\n');
    const one = lines.map((line) => JSON.parse(line)).find(({ path }) => path.endsWith('/one.txt'));
    expect(one).toMatchObject({ kind: 'unread-caption', object: one.sha256 });
  });

  test('of one image only are told as one; images that have a caption miss none', async () => {
    renameSync(join(folder, 'one.txt'), join(folder, 'one.caption'));
    writeFileSync(join(folder, 'two.caption'), 'older');
    const { run } = await recorded(world, training(world));
    expect(run.dataset).toMatchObject({ images: 3, captions: 2 });
    expect(unread(run).map(({ message }) => message)).toEqual([
      `1 .caption file beside an image of ${world.dataset} is not read: caption_extension is ".txt"`,
    ]);
  });

  test('are read by the extension of their subset, over the dataset’s, over the general one, over the option', async () => {
    const at = (name: string, extension: string) => {
      world.write(join(world.root, name, '1.png'), png(name));
      world.write(join(world.root, name, `1.${extension}`), name);
      return `[[datasets.subsets]]\nimage_dir = "${join(world.root, name)}"\n`;
    };
    const file = world.write(
      join(world.root, 'dataset.toml'),
      `[general]\ncaption_extension = ".tags"\n[[datasets]]\n${at('general', 'tags')}[[datasets]]\ncaption_extension = ".caption"\n${at('of-dataset', 'caption')}${at('of-subset', 'txt')}caption_extension = "txt"\n${at('unread', 'txt')}`,
    );
    const { run } = await recorded(world, training(world, `--dataset_config=${file}`));
    expect(run.dataset).toMatchObject({ images: 4, captions: 3 });
    expect(unread(run).map(({ message }) => message)).toEqual([
      `1 .txt file beside an image of ${join(world.root, 'unread')} is not read: caption_extension is ".caption"`,
    ]);
  });

  test('stand in the metadata file of fine-tuning: no caption file is missed', async () => {
    const metadata = world.write(join(world.root, 'meta.json'), '{}');
    const { run } = await recorded(world, [
      ...['python3', join(world.trainer, 'train_network.py'), `--in_json=${metadata}`, '--max_train_steps=2'],
      `--train_data_dir=${folder}`,
    ]);
    expect(run.dataset).toMatchObject({ images: 3, captions: 0 });
    expect(unread(run)).toEqual([]);
  });

  test('are counted by any usual extension where the trainer is not known', async () => {
    const { run } = await recorded(world, ['true'], { args: ['--dataset', world.dataset] });
    expect(run.dataset).toMatchObject({ images: 3, captions: 3 });
    expect(unread(run)).toEqual([]);
  });
});

describe('the folders of DreamBooth', () => {
  test('tell their repeats and class tokens', async () => {
    const { run } = await recorded(world, training(world));
    expect(run.dataset?.roots).toMatchObject([
      {
        path: world.dataset,
        repeats: 2,
        classTokens: 'grey wolf',
        folders: [{ path: '2_grey wolf', repeats: 2, classTokens: 'grey wolf' }],
      },
    ]);
  });

  test('tell them each, where there are several; others are no folders of it', async () => {
    for (const name of ['10_wolf_cub', '1', 'wolves']) world.write(join(world.dataset, name, '1.png'), png(name));
    const { run } = await recorded(world, training(world));
    expect(run.dataset?.roots[0]).toMatchObject({
      repeats: null,
      classTokens: null,
      folders: [
        { path: '1', repeats: 1, classTokens: null },
        { path: '10_wolf_cub', repeats: 10, classTokens: 'wolf_cub' },
        { path: '2_grey wolf', repeats: 2, classTokens: 'grey wolf' },
      ],
    });
    const { stdout } = await spoor(world, ['show', '@'], { env: { COLUMNS: '160' } });
    expect(stdout).toMatch(/10_wolf_cub +10 × +wolf_cub/);
  });

  test('renamed to other repeats are another dataset', async () => {
    const digest = async () => (await recorded(world, training(world))).run.dataset?.sha256;
    const before = await digest();
    renameSync(folder, join(world.dataset, '3_grey wolf'));
    expect(await digest()).not.toBe(before);
    rmSync(join(world.dataset, '3_grey wolf'), { recursive: true });
  });
});
