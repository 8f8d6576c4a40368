import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shown } from '../support/spoor.ts';
import { guideWorld, left, name, play, shells } from './guide.ts';

describe.each(shells)("the guide's script under %s", (shell) => {
  test('trains, is recorded and lays out its files, in a path with spaces', async () => {
    const world = await guideWorld(shell);
    const { status, stderr } = await play(world);
    expect([status, stderr]).toEqual([0, expect.stringContaining('spoor: added --output_dir=')]);
    const run = await shown(world, '@');
    expect(run).toMatchObject({
      name: { full: name, model: 'noob', dataset: 'wolf', version: '1', steps: 24 },
      status: 'succeeded',
      exitCode: 0,
      outputDir: world.run,
      cwd: world.trainer,
      dataset: { images: 4 },
    });
    expect(run.command.slice(0, 2)).toEqual(['python', join(world.trainer, 'train_network.py')]);
    expect(run.repos.map((each) => each.path)).toContain(world.trainer);
    expect(left(world.run)).toEqual([
      'config.toml',
      `${name}.safetensors`,
      'repos.git',
      'sample',
      'sample-prompts.txt',
      'sdscripts.log',
      'spoor.json',
      'train wolf.zsh',
    ]);
    const log = readFileSync(join(world.run, 'sdscripts.log'), 'utf8');
    expect(log).toContain('total optimization steps');
    expect(log).toContain('INFO     model saved.');
    expect(readFileSync(join(world.run, 'train wolf.zsh'), 'utf8')).toBe(readFileSync(world.script, 'utf8'));
  });
});
