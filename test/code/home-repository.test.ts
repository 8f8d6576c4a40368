import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recorded } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

test('a repository without a commit that holds a whole home directory is told to be too wide, nothing else', async () => {
  const home = world.env.HOME!;
  execFileSync('git', ['init', '-q', home], { env: world.env });
  const script = world.write(join(home, 'train.py'), 'print("trained")\n');
  const { run } = await recorded(world, ['python3', script]);
  const told = run.warnings.filter(({ message }) => message.includes(home));
  expect(told.map(({ code }) => code)).toEqual(['too-wide']);
});
