/** What the tests of artefacts share: a world whose trainer writes real pictures. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Run } from '../../src/model/run.ts';
import { temporaryWorld } from '../run/play.ts';
import { recorded } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

export interface Studio {
  world: World;
  /** The picture that the trainer writes for each prompt. */
  sample: string;
  /** @param args of `spoor run`; @param more of the trainer */
  train(options?: { args?: string[]; more?: string[]; env?: Record<string, string> }): Promise<Run>;
}

/** @param side pixels of the trainer's pictures */
export async function studio(side = 96): Promise<Studio> {
  const world = temporaryWorld();
  const sample = world.write(join(world.root, 'sample.png'), await picture(side));
  return {
    world,
    sample,
    async train({ args = [], more = [], env = {} } = {}) {
      const script = join(world.trainer, 'train_network.py');
      const command = ['python3', script, '--config_file', world.config, ...more];
      const { run } = await recorded(world, command, { args, env: { T_SAMPLE: sample, ...env } });
      return run;
    },
  };
}

/** A picture of noise, as large as a sample's file is. */
export function picture(side: number): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
  return sharp({ create: { width: side, height: side, channels: 3, background: '#808080', noise } })
    .png()
    .toBuffer();
}

export const outputs = (world: World) => readdirSync(world.output).sort();
export const objectAt = (world: World, sha256: string) => join(world.spoorHome, 'objects', sha256.slice(0, 2), sha256);
