import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processStat } from '../../src/launch/processes.ts';
import { eventually, held, processesNamed, recorders, signalCounter } from '../run/play.ts';
import { training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { launch, python, runsOf, wrapWorld } from './play.ts';

/** Starts the trainer in a session of its own and, once `ready` is there, sends a signal to its pid or its group. */
const launcher = `
import os, signal, subprocess, sys, time
to, name, ready, command = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
child = subprocess.Popen(command, start_new_session=True)
while not os.path.exists(ready):
    time.sleep(0.01)
(os.killpg if to == "group" else os.kill)(child.pid, getattr(signal, name))
print("returncode", child.wait(), flush=True)
`;

function stopped(world: World, to: 'pid' | 'group', signal: string, command: string[]) {
  const hold = held(world);
  return launch(world, launcher, [to, signal, join(world.root, 'ready'), ...command], { env: hold.env });
}

test.each([
  ['pid', 'SIGKILL', -9],
  ['group', 'SIGKILL', -9],
  ['pid', 'SIGTERM', -15],
  ['group', 'SIGTERM', -15],
  ['pid', 'SIGINT', -2],
] as const)('a launcher that sends its trainer’s %s %s ends it and sees it end so', async (to, signal, code) => {
  const world = wrapWorld();
  const { exit, out } = stopped(world, to, signal, [python, ...training(world).slice(1)]);
  expect(await exit).toBe(0);
  expect(out()).toContain(`returncode ${code}`);
  await eventually(() => processesNamed(world, 'train_network.py').length === 0);
  const runs = await runsOf(world);
  expect(runs.map(({ status }) => status)).toEqual(['interrupted']);
  expect(existsSync(join(world.output, 'wolf.safetensors'))).toBe(false);
});

test('a trainer that ends as it likes when it is asked to is not hurried', async () => {
  const world = wrapWorld();
  const source = signalCounter[2]!.replace("print('READY', flush=True)", `open("${join(world.root, 'ready')}", "w")`);
  const script = world.write(join(world.root, 'own/train_network.py'), source);
  const { exit, out } = stopped(world, 'pid', 'SIGTERM', [python, script]);
  expect(await exit).toBe(0);
  expect(out()).toContain('GOT SIGTERM');
  expect(out()).toContain('ENDED');
  expect(out()).toContain('returncode 7');
  expect((await runsOf(world)).map(({ status, exitCode }) => [status, exitCode])).toEqual([['interrupted', 7]]);
});

test('the recorder is nobody’s child, so that a launcher’s kill of all descendants misses it', async () => {
  const world = wrapWorld();
  const hold = held(world);
  const { exit, err } = launch(
    world,
    'import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))',
    training(world),
    {
      env: hold.env,
    },
  );
  await eventually(hold.ready, err);
  const [recorder = 0] = await eventually(() => (recorders(world).length > 0 ? recorders(world) : null));
  const wrapped = processesNamed(world, 'spoor.js wrapped');
  expect(wrapped).not.toEqual([]);
  expect(wrapped).not.toContain(processStat(recorder)?.parent);
  hold.go();
  expect(await exit).toBe(0);
});
