import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { standInGpu, standInNvidiaSmi } from '../../src/follow/testing/nvidia-smi.ts';
import type { Run } from '../../src/model/run.ts';
import { eventually, processesNamed, processesOf, recorders, temporaryWorld } from '../run/play.ts';
import { shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

/** A world with an `nvidia-smi` of two GPUs on its path. */
function worldWithGpus(way: 'answers' | 'hangs' | 'fails' = 'answers') {
  const world = temporaryWorld();
  const bin = join(world.root, 'bin');
  mkdirSync(bin);
  const smi = standInNvidiaSmi(bin, [standInGpu(0), standInGpu(1, { 'utilization.gpu': 0, 'memory.used': 3 })], way);
  world.env.PATH = `${bin}:${world.env.PATH}`;
  return { world, smi };
}

/** Starts a training that waits at its first step until `go` is called. */
function held(world: World) {
  const hold = join(world.root, 'go');
  const ready = join(world.root, 'ready');
  const run = spoor(world, ['run', '--', ...training(world)], { env: { T_HOLD: hold, T_READY: ready } });
  return { run, ready, go: () => world.write(hold, '') };
}

/** The latest run, once it is as looked for. */
async function shownWhen(world: World, fits: (run: Run) => boolean): Promise<Run> {
  return vi.waitFor(
    async () => {
      const run = await shown(world, '@');
      expect(fits(run)).toBe(true);
      return run;
    },
    { timeout: 30_000, interval: 250 },
  );
}

test('the machine of a run is measured while it lives, and its GPU-hours and their price stay in its record', async () => {
  const { world } = worldWithGpus();
  world.write(join(world.env.HOME!, '.config/spoor/config.toml'), '[price]\nper_gpu_hour = 36.0\ncurrency = "EUR"\n');
  const { run, ready, go } = held(world);
  await eventually(() => existsSync(ready));
  const { machine: live } = await shownWhen(
    world,
    ({ machine }) => machine?.gpus.length === 2 && machine.processMemoryPeak !== null,
  );
  expect(live).toMatchObject({ gpusBy: 'worked', cost: { perGpuHour: 36, currency: 'EUR' } });
  go();
  await run;
  const ended = await shownWhen(world, ({ status }) => status === 'succeeded');
  const { machine } = ended;
  const hours = (Date.parse(ended.endedAt!) - Date.parse(ended.startedAt)) / 3_600_000;
  expect(machine?.gpus).toMatchObject([
    { index: 0, used: true, utilisation: 97, memoryPeak: 20_480 * 2 ** 20, memoryBytes: 24_564 * 2 ** 20 },
    { index: 1, used: false, utilisation: 0 },
  ]);
  expect(machine?.gpuHours).toBeCloseTo(hours, 6);
  expect(machine?.cost?.amount).toBeCloseTo(hours * 36, 4);
  expect(machine?.memoryPeak).toBeGreaterThan(0);
  expect(machine?.diskFreeLeast).toBeGreaterThan(0);
  await eventually(() => processesNamed(world, 'bin/nvidia-smi').length === 0);
  const page = String((await spoor(world, ['show', '@'], { env: { COLUMNS: '160' } })).stdout);
  expect(page).toMatch(/GPU 0 +.*97% busy.*21\.5 GB of 25\.8 GB at most/);
  expect(page).toMatch(/GPU-hours.*EUR at 36\.00 EUR an hour/);
  const list = await spoor(world, ['ls', 'gpu_hours>0', 'cost>0']);
  expect(String(list.stdout)).toContain('wolf');
  expect(String(list.stderr)).toMatch(/^0\.00\d\d GPU-hours in 1 run, \d\.\d\d EUR$/m);
  expect((await spoor(world, ['verify', '@'])).exitCode).toBe(0);
});

test('a run that fails for want of memory tells how full its GPU was', async () => {
  const { world, smi } = worldWithGpus();
  smi.answer([standInGpu(0, { 'memory.used': 24_400 }), standInGpu(1)]);
  const hold = join(world.root, 'go');
  const ready = join(world.root, 'ready');
  const env = { T_HOLD: hold, T_READY: ready, T_FAIL_AT: '2' };
  const run = spoor(world, ['run', '--', ...training(world)], { env });
  await eventually(() => existsSync(ready));
  await shownWhen(world, ({ machine }) => machine?.gpus.length === 2);
  world.write(hold, '');
  await run;
  const { diagnosis } = await shownWhen(world, ({ status }) => status === 'failed');
  expect(diagnosis?.code).toBe('out-of-memory');
  expect(diagnosis?.message).toMatch(/\. GPU 0 held 25\.6 of 25\.8 GB \(99%\)/);
});

test('an nvidia-smi that hangs holds nothing up and is gone with the run', async () => {
  const { world } = worldWithGpus('hangs');
  const { run, go } = held(world);
  await shownWhen(world, ({ machine }) => machine !== null);
  const started = performance.now();
  go();
  expect((await run).exitCode).toBe(0);
  await shownWhen(world, ({ status, machine }) => status === 'succeeded' && machine?.gpus.length === 0);
  expect(performance.now() - started).toBeLessThan(20_000);
  await eventually(
    () => processesNamed(world, 'bin/nvidia-smi').length === 0,
    () =>
      processesOf(world)
        .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' '))
        .join('; '),
  );
});

test('one that fails is told once, and why', async () => {
  const { world } = worldWithGpus('fails');
  const { run, go } = held(world);
  await shownWhen(world, ({ machine }) => machine !== null);
  await eventually(() => processesNamed(world, 'bin/nvidia-smi').length === 0);
  go();
  await run;
  const { warnings } = await shownWhen(world, ({ status }) => status === 'succeeded');
  expect(warnings.filter(({ code }) => code === 'gpus-not-sampled').map(({ message }) => message)).toEqual([
    expect.stringMatching(/ended with status 9: NVIDIA-SMI has failed because/),
  ]);
});

test('without a GPU the computer alone is measured', async () => {
  const world = temporaryWorld();
  const { run, go } = held(world);
  await shownWhen(world, ({ machine }) => machine !== null);
  go();
  await run;
  const { machine, warnings } = await shownWhen(world, ({ status }) => status === 'succeeded');
  expect(machine).toMatchObject({ gpus: [], gpuHours: null, cost: null });
  expect(machine?.memoryBytes).toBeGreaterThan(0);
  expect(warnings.filter(({ code }) => code === 'gpus-not-sampled')).toEqual([]);
});

test('samples go on where the recorder is killed and another takes over', async () => {
  const { world, smi } = worldWithGpus();
  const { run, go } = held(world);
  await shownWhen(world, ({ machine }) => machine?.gpus.length === 2);
  for (const pid of recorders(world)) process.kill(pid, 'SIGKILL');
  smi.answer([standInGpu(0, { 'temperature.gpu': 88 }), standInGpu(1)]);
  // The next command finds nobody recording.
  await shownWhen(world, ({ machine }) => machine?.gpus[0]?.temperaturePeak === 88);
  go();
  await run;
  const { machine } = await shownWhen(world, ({ status, machine }) => status === 'succeeded' && machine !== null);
  expect(machine?.gpus[0]).toMatchObject({ used: true, utilisation: 97, temperaturePeak: 88 });
});
