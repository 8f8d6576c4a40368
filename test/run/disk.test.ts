import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { canMount } from '../support/rights.ts';
import { shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { endedFact, eventually, folderOf, held, start, temporaryWorld } from './play.ts';

/** The home on a disk of its own, of so many MiB. */
function onSmallDisk(megabytes: number): World {
  const world = temporaryWorld();
  mkdirSync(world.spoorHome);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', world.spoorHome]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', world.spoorHome]);
  });
  return world;
}

function fill(world: World): string {
  const path = join(world.spoorHome, 'ballast');
  const { bavail, bsize } = statfsSync(world.spoorHome);
  try {
    writeFileSync(path, Buffer.alloc(bavail * bsize + bsize));
  } catch {
    // Full, as is meant.
  }
  return path;
}

describe.skipIf(!canMount)('on a disk of its own (skipped where nothing can be mounted)', () => {
  test('with the disk full before, the training runs as without Spoor and it is said that nothing is recorded', async () => {
    const world = onSmallDisk(1);
    fill(world);
    const result = await spoor(world, ['run', '--', ...training(world)]);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('running training');
    expect(result.stderr).toContain('not recorded');
    expect(result.stderr).toContain('disk is full');
    expect(existsSync(join(world.output, 'wolf.safetensors'))).toBe(true);
  });

  test('with room for the record but not for a log, the output goes to the terminal and the run says so', async () => {
    const world = onSmallDisk(4);
    const result = await spoor(world, ['run', '--', ...training(world)]);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('running training');
    expect(result.stderr).toContain('output goes to the terminal only');
    const run = await shown(world, '@');
    expect(run).toMatchObject({ status: 'succeeded', exitCode: 0 });
    expect(run.warnings.map(({ code }) => code)).toContain('log-not-kept');
    // What goes to the terminal does not fail for want of room.
    expect(run.warnings.map(({ code }) => code)).not.toContain('log-space-low');
  });

  test('a disk that fills up while training stops nothing: the log is whole and the end recorded', async () => {
    const world = onSmallDisk(100);
    const hold = held(world);
    const { exit, err } = start(world, ['run', '--', ...training(world)], { env: hold.env });
    await eventually(hold.ready, err);
    await eventually(() => existsSync(join(folderOf(world), 'recorder.lock')), err);
    fill(world);
    hold.go();
    expect(await exit).toBe(0);
    const log = readFileSync(join(folderOf(world), 'log'), 'utf8');
    expect(log).toContain('model saved');
    const run = await shown(world, '@');
    expect(run).toMatchObject({ status: 'succeeded', exitCode: 0 });
    expect(run.artifacts.length).toBeGreaterThan(0);
  });

  test('when the log uses up half of the space kept for it on a full disk, terminal and record say so', async () => {
    const world = onSmallDisk(100);
    const go = join(world.root, 'go');
    const script = `
import os, sys, time
print("READY", flush=True)
while not os.path.exists(sys.argv[1]): time.sleep(0.01)
for _ in range(40): print("x" * 2**20, flush=True)
while not os.path.exists(sys.argv[1] + "on"): time.sleep(0.01)`;
    const { exit, err, out } = start(world, ['run', '--', 'python3', '-c', script, go]);
    await eventually(() => out().includes('READY'), err);
    await eventually(() => readText(join(folderOf(world), 'journal.jsonl')).includes('"type":"captured"'), err);
    fill(world);
    world.write(go, '');
    await eventually(() => err().includes('is full'), err);
    world.write(`${go}on`, '');
    expect(await exit).toBe(0);
    expect(readFileSync(join(folderOf(world), 'log')).length).toBe('READY\n'.length + 40 * (2 ** 20 + 1));
    const run = await shown(world, '@');
    expect(run).toMatchObject({ exitCode: 0, warnings: [{ code: 'log-space-low' }] });
  });

  test('where there is no room even for the end, that is said, and a later command records it', async () => {
    // Too small for space to be kept for the log, which the end would find there.
    const world = onSmallDisk(4);
    const hold = held(world);
    // What so many checkpoints are told by does not fit into what is left of the last block either.
    const command = training(world, '--max_train_steps', '90');
    const { exit, err } = start(world, ['run', '--', ...command], { env: hold.env });
    await eventually(hold.ready, err);
    await eventually(() => readText(join(folderOf(world), 'journal.jsonl')).includes('"type":"captured"'), err);
    const ballast = fill(world);
    hold.go();
    expect(await exit).toBe(0);
    expect(err()).toContain('The record of this run is not complete yet');
    expect(err()).toMatch(/The disk of .* is full: make room/);
    expect(endedFact(world)).toBeNull();
    rmSync(ballast);
    const run = await shown(world, '@');
    expect(run).toMatchObject({ status: 'succeeded', exitCode: 0 });
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  });
});

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
