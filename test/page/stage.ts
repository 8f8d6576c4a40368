/** Runs worth looking at: two versions of a family with samples, curves, checkpoints and captions that changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { recorded, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { type Open, open } from './browser.ts';

export interface Stage extends Open {
  /** The first version and the second. */
  ids: [string, string];
}

/** Both runs sample two prompts at steps 3, 6, 9 and 12; the second has a higher rate and another caption. */
export async function stage(): Promise<Stage> {
  const world = makeWorld();
  const ids = await twoVersions(world);
  return { ...(await open(world)), ids };
}

async function twoVersions(world: World): Promise<[string, string]> {
  world.write(world.prompts, 'a grey wolf at night --w 64 --h 64 --d 42\na grey wolf in snow --w 64 --h 64 --d 43\n');
  world.write(world.config, readFileSync(world.config, 'utf8').replace('= 6', '= 12'));
  const run = async (name: string, colour: string, ...more: string[]) => {
    const output = join(world.root, 'output', name);
    const args = ['--output_dir', output, '--output_name', name, '--logging_dir', join(output, 'logs'), ...more];
    const options = { args: ['--name', name], env: { T_SAMPLE: await picture(world, colour) } };
    return (await recorded(world, training(world, ...args), options)).run.id;
  };
  const first = await run('noob-wolf-v1s12', '#24406e');
  world.write(join(world.dataset, '2_grey wolf/one.txt'), 'grey wolf, one, indoors, night');
  return [first, await run('noob-wolf-v2s12', '#b4541a', '--unet_lr', '4e-4')];
}

async function picture(world: World, background: string): Promise<string> {
  const image = sharp({ create: { width: 64, height: 64, channels: 3, background } });
  return world.write(join(world.root, `picture${background}.png`), await image.png().toBuffer());
}

/** As a search parameter of the page. */
export const runsParam = (ids: readonly string[]) => encodeURIComponent(JSON.stringify(ids));
