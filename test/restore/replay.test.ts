/** Command lines and configurations of genuine sd-scripts runs, restored and run again without their originals. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layOut } from '../support/replay.ts';
import { recorded, shown, spoor } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

test.each(['A-good-lora-pty', 'A2-good-lora-pipe', 'B-lr-and-captions-pty', 'G2-accelerate-fail-pty', 'H2-resume-pty'])(
  '%s has identical inputs when it runs again',
  async (name) => {
    const { command, cwd, env } = layOut(world, name, []);
    const { run: first } = await recorded(world, command, { cwd, env, args: ['--no-clean'] });
    for (const path of ['work', 'out', 'sd-scripts', 'datasets']) rmSync(join(world.root, path), { recursive: true });

    // Of H2 the state is gone that it resumes from.
    const force = name.startsWith('H2') ? ['--force'] : [];
    const { stderr } = await spoor(world, ['rerun', '@', ...force], { env });

    const again = await shown(world, '@');
    expect(again.parent).toBe(first.id);
    expect(String(stderr)).toContain(`the inputs are identical to those of ${first.name.full} (${first.id})`);
    const restored = join(world.spoorHome, 'restored', first.id);
    expect(again.outputDir).toBe(join(restored, 'output'));
    expect(again.dataset?.sha256).toBe(first.dataset?.sha256);
    const config = join(restored, 'rewritten/config.toml');
    if (existsSync(config)) expect(readFileSync(config, 'utf8')).not.toContain(join(world.root, 'work'));
    expect(existsSync(join(world.root, 'out'))).toBe(false);
  },
);
