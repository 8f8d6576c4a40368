import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { recorded, shown, spoor, spoorBin } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
let run: Run;
beforeAll(async () => {
  world = makeWorld();
  ({ run } = await recorded(world, ['true'], { args: ['--name', 'wolf-v3'] }));
}, 60_000);
afterAll(() => world.remove());

/** What stands on a terminal of 100 columns after the command. */
function onTerminal(...args: string[]): Promise<string> {
  const pty = spawn(process.execPath, [spoorBin, ...args], {
    cols: 100,
    cwd: world.root,
    env: { ...world.env, NO_COLOR: '1' },
  });
  return new Promise((resolve) => {
    let screen = '';
    pty.onData((text) => {
      screen += text;
    });
    pty.onExit(() => resolve(screen.trim()));
  });
}

test.each([
  [['note', '@', 'a good one'], 'noted'],
  [['note', '@', '--edit', 'last', 'the best'], 'note 1 changed'],
  [['note', '@', '--withdraw', '1'], 'note 1 withdrawn'],
  [['tag', '@', '+good', 'keep', '-draft'], '+good +keep -draft'],
  [['verdict', '@', 'worked', '--why', 'sharp'], 'worked'],
  [['verdict', '@', 'none'], 'no verdict'],
])('spoor %j says on a terminal what it did to which run', async (args, what) => {
  expect(await onTerminal(...args)).toBe(`spoor: wolf-v3 (${run.id.slice(0, 10)}): ${what}`);
});

test('elsewhere it says nothing', async () => {
  const { stdout, stderr } = await spoor(world, ['tag', '@', '+quiet']);
  expect([stdout, stderr]).toEqual(['', '']);
  expect((await shown(world, '@')).tags).toContain('quiet');
});
