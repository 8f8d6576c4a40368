import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shown, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

test('prompts edited during the run say at which step and when; those at launch do not', async () => {
  const [hold, ready] = [join(world.root, 'hold'), join(world.root, 'ready')];
  const ended = spoor(world, ['run', '--', ...training(world)], { env: { T_HOLD: hold, T_READY: ready } });
  while (!existsSync(ready)) await delay(20);
  writeFileSync(world.prompts, 'a black wolf --d 43\n');
  const prompts = async () => (await shown(world, '@')).files.filter(({ role }) => role === 'prompts');
  while ((await prompts()).length < 2) await delay(100);
  writeFileSync(hold, '');
  await ended;
  const [first, second] = await prompts();
  expect(first).not.toHaveProperty('changed');
  expect(second?.changed?.step).toBe(1);
  const { stdout } = await spoor(world, ['show', '@'], { env: { COLUMNS: '160' } });
  const time = second!.changed!.at.slice(11, 16);
  expect(stdout.match(/^ +prompts .*$/gm)).toEqual([
    expect.not.stringContaining('changed'),
    expect.stringMatching(new RegExp(`sample-prompts\\.txt +changed at step 1, ${time}$`)),
  ]);
});
