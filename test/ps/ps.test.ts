import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { standInGpu, standInNvidiaSmi } from '../../src/follow/testing/nvidia-smi.ts';
import type { RunningRun } from '../../src/tracker/running-runs.ts';
import { eventually, temporaryWorld } from '../run/play.ts';
import { spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

async function running(world: World): Promise<RunningRun[]> {
  return JSON.parse(String((await spoor(world, ['ps', '--json'])).stdout)) as RunningRun[];
}

/** Starts a training that waits at its first step until `go` is called. */
function held(world: World, name: string) {
  const hold = join(world.root, `${name}.go`);
  const ready = join(world.root, `${name}.ready`);
  const env = { T_HOLD: hold, T_READY: ready };
  const run = spoor(world, ['run', '--name', name, '--', ...training(world)], { env });
  return { run, ready, go: () => world.write(hold, '') };
}

test('a line for each run that trains: phase, step, rate, time left, loss, its GPU', async () => {
  const world = temporaryWorld();
  const bin = join(world.root, 'bin');
  mkdirSync(bin);
  standInNvidiaSmi(bin, [standInGpu(0), standInGpu(1, { 'utilization.gpu': 0, 'memory.used': 3 })]);
  world.env.PATH = `${bin}:${world.env.PATH}`;
  const one = held(world, 'noob-wolf-v1s6');
  await eventually(() => existsSync(one.ready));
  const other = held(world, 'noob-wolf-v2s6');
  await eventually(() => existsSync(other.ready));

  const runs = await vi.waitFor(
    async () => {
      const found = await running(world);
      expect(found.map(({ gpus }) => gpus.length)).toEqual([1, 1]);
      return found;
    },
    { timeout: 30_000, interval: 100 },
  );
  expect(runs.map(({ name }) => name)).toEqual(['noob-wolf-v2s6', 'noob-wolf-v1s6']);
  expect(runs[0]).toMatchObject({
    progress: { phase: 'training', step: 1, total: 6, loss: 1 },
    stall: null,
    gpus: [{ index: 0, utilisation: 97, memory: 20_480 * 2 ** 20, temperature: 71 }],
  });
  expect(runs[0]!.memory).toBeLessThan(runs[0]!.memoryTotal!);

  const wide = String((await spoor(world, ['ps'], { env: { COLUMNS: '120' } })).stdout)
    .trimEnd()
    .split('\n');
  expect(wide[0]).toMatch(/^NAME +PHASE +STEP +% +RATE +ETA +LOSS +GPU +MEMORY +SINCE$/);
  expect(wide[1]).toMatch(/^noob-wolf-v2s6 +training +1\/6 +16% +10 it\/s +0\.5 s +1 +97% +21\.5\/25\.8 GB +\d/);
  expect(wide).toHaveLength(3);
  const narrow = String((await spoor(world, ['ps'], { env: { COLUMNS: '60' } })).stdout)
    .trimEnd()
    .split('\n');
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(narrow[1]).toMatch(/^noob-wolf-v2s6 +training +1\/6 /);

  one.go();
  other.go();
  await Promise.all([one.run, other.run]);
  await vi.waitFor(async () => expect(await running(world)).toEqual([]), { timeout: 20_000, interval: 100 });
});

test('a run that has been silent for longer than is usual is said to be', async () => {
  const world = temporaryWorld();
  const { run, ready, go } = held(world, 'wolf');
  await eventually(() => existsSync(ready));
  const [{ id } = { id: '' }] = await vi.waitFor(
    async () => {
      const found = await running(world);
      expect(found[0]?.progress.step).toBe(1);
      return found;
    },
    { timeout: 20_000, interval: 100 },
  );
  const log = join(world.spoorHome, 'runs', id, 'log');
  const past = new Date(Date.now() - 600_000);
  // The recorder keeps space for the log after a second, which counts as a change of it.
  await vi.waitFor(
    async () => {
      utimesSync(log, past, past);
      const [silent] = await running(world);
      expect(silent?.stall).toMatchObject({ phase: 'training', usual: 0.1, limit: 60 });
      expect(String((await spoor(world, ['ps'])).stdout)).toMatch(/wolf +silent 10 m \d\d s +1\/6/);
    },
    { timeout: 20_000, interval: 300 },
  );
  go();
  await run;
});

test('a genuine run that draws samples is told from one that is stuck', async () => {
  const world = temporaryWorld();
  const log = join(import.meta.dirname, '../fixtures/kohya/A-good-lora-pty/cap/tty.raw');
  const go = join(world.root, 'go');
  // Up to the first image's second step.
  world.write(
    join(world.trainer, 'train_network.py'),
    `import os, sys, time
text = open(${JSON.stringify(log)}, "rb").read()
at = text.index(b" 50%|", text.index(b"generating sample images"))
sys.stderr.buffer.write(text[:text.index(b"\\n", at) + 1])
sys.stderr.flush()
while not os.path.exists(${JSON.stringify(go)}):
    time.sleep(0.01)
`,
  );
  const run = spoor(world, ['run', '--name', 'kumo', '--', ...training(world)]);
  await vi.waitFor(
    async () => {
      const [found] = await running(world);
      expect(found?.progress).toMatchObject({ phase: 'sampling', within: { done: 1, total: 2, item: 1 }, step: 8 });
      expect(found?.stall).toBeNull();
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(String((await spoor(world, ['ps'])).stdout)).toMatch(
    /kumo +sampling 1: 1\/2 +8\/24 +33% +5\.6 s\/it +~1 m 30 s/,
  );
  expect(String((await spoor(world, ['ls'])).stdout)).toMatch(/kumo +sampling 1: 1\/2 /);
  expect(String((await spoor(world, ['show', '@'])).stdout)).toMatch(
    /^now +sampling 1: 1\/2, 5\.6 s\/it, ~1 m 30 s left, last/m,
  );
  world.write(go, '');
  await run;
});

test('where nothing runs that is said, and nothing is wrong', async () => {
  const world = temporaryWorld();
  const { exitCode, stdout, stderr } = await spoor(world, ['ps']);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'Nothing is running. spoor ls shows what ran.\n',
  });
  expect(await running(world)).toEqual([]);
});
