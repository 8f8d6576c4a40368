/** Every state that test/diff plants, recorded, stands again byte for byte after the originals have been deleted. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { restoreRun } from '../../src/tracker/restore/restore-run.ts';
import { tree } from '../code/world.ts';
import { idle, plants, samples } from '../diff/plants.ts';
import { type Planted, plantedWorld, recordOf } from '../diff/side.ts';

type Files = Record<string, string>;

/** Images and their captions: no files beside the folders, no trainers' caches, no texts without an image. */
function ofDataset(files: Files): Files {
  const stem = (name: string) => name.replace(/\.\w+$/, '');
  const images = new Set(Object.keys(files).flatMap((name) => (name.endsWith('.png') ? [stem(name)] : [])));
  return Object.fromEntries(
    Object.entries(files).filter(([name]) => name.includes('/') && images.has(stem(name)) && !name.endsWith('.npz')),
  );
}

/** Where the configuration says that the images are. */
function datasetOf({ config }: Planted): string {
  return /^train_data_dir\s*=\s*["'](.*)["']/m.exec(readFileSync(config, 'utf8'))![1]!;
}

async function standsAgain(...plant: ((world: Planted) => void)[]): Promise<void> {
  const world = plantedWorld();
  try {
    for (const each of plant) each(world);
    const before = {
      code: tree(world.trainer),
      dataset: ofDataset(tree(datasetOf(world))),
      config: readFileSync(world.config),
      prompts: readFileSync(world.prompts),
      log: world.git(world.trainer, 'log', '--format=%H'),
      branch: world.git(world.trainer, 'rev-parse', '--abbrev-ref', 'HEAD'),
      status: world.git(world.trainer, 'status', '--porcelain'),
    };
    const { recording, id } = await recordOf(world);
    for (const gone of [world.trainer, join(world.root, 'datasets'), world.config, join(world.root, 'output')])
      rmSync(gone, { recursive: true, force: true });
    const into = join(mkdtempSync(join(world.root, 'back-')), 'there');
    const { restored } = await restoreRun(recording, { run: id, into }, () => {});

    expect(restored.missing).toEqual([]);
    const top = join(into, 'repos/sd-scripts');
    expect(tree(top)).toEqual(before.code);
    expect(ofDataset(tree(join(into, 'dataset')))).toEqual(before.dataset);
    const files = new Map(restored.files.map(({ role, path }) => [role, join(into, path)]));
    expect(readFileSync(files.get('config')!)).toEqual(before.config);
    expect(readFileSync(files.get('prompts')!)).toEqual(before.prompts);
    expect(world.git(top, 'log', '--format=%H')).toBe(before.log);
    expect(world.git(top, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe(before.branch);
    if (!existsSync(join(top, 'lycoris'))) expect(world.git(top, 'status', '--porcelain')).toBe(before.status);
    expect(existsSync(join(into, 'command.sh'))).toBe(true);
  } finally {
    world.remove();
  }
}

const states = [...plants, ...samples, ...idle].map(([name, plant]): [string, (world: Planted) => void] => [
  name,
  plant,
]);

describe('stands again with what was planted:', () => {
  test.each(states)('%s', async (_, plant) => {
    await standsAgain(plant);
  });

  test('all changes that can stand together, at once', async () => {
    const apart =
      /another place|epochs in the place|in the place of a file|went|renamed|class tokens|Windows|second line/;
    const some = states.filter(([name]) => !apart.test(name));
    expect(some.length).toBeGreaterThan(60);
    await standsAgain(...some.map(([, plant]) => plant));
  });
});
