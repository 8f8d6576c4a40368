import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shown, spoorBin, training } from '../support/spoor.ts';
import { count, endedFact, eventually, folderOf, held, signalCounter, start, temporaryWorld } from './play.ts';

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s sent to Spoor reaches the trainer once, which ends as it likes; the run is interrupted',
  async (signal) => {
    const world = temporaryWorld();
    const { child, exit, out, err } = start(world, ['run', '--', ...signalCounter], { detached: true });
    await eventually(() => out().includes('READY'), err);
    child.kill(signal);
    expect(await exit).toBe(7);
    expect(count(out(), `GOT ${signal}`)).toBe(1);
    expect(out()).toContain('ENDED');
    expect(err()).toContain('interrupted');
    const run = await shown(world, '@');
    expect(run).toMatchObject({ status: 'interrupted', exitCode: 7, diagnosis: { code: 'interrupted' } });
  },
);

test('a training stopped in the middle says at which step', async () => {
  const world = temporaryWorld();
  const hold = held(world);
  const { child, exit, err } = start(world, ['run', '--', ...training(world)], { env: hold.env, detached: true });
  await eventually(hold.ready, err);
  child.kill('SIGTERM');
  expect(await exit).toBe(143);
  const run = await shown(world, '@');
  expect(run).toMatchObject({ status: 'interrupted', exitCode: null, signal: 'SIGTERM' });
  expect(run.diagnosis).toMatchObject({ code: 'interrupted', message: 'Stopped at step 1 of 6' });
});

test('a kill of the trainer that nobody asked Spoor for is a failure', async () => {
  const world = temporaryWorld();
  const { exit } = start(world, ['run', '--', 'sh', '-c', 'kill -9 $$']);
  expect(await exit).toBe(137);
  expect(await shown(world, '@')).toMatchObject({ status: 'failed', signal: 'SIGKILL', diagnosis: { code: 'killed' } });
});

test('a signal at any moment of the start ends Spoor and the trainer, and leaves no run running', async () => {
  for (const after of [0, 40, 80, 120, 160, 200]) {
    const world = temporaryWorld();
    const { child, exit } = start(world, ['run', '--', 'sh', '-c', 'sleep 30'], { detached: true });
    await new Promise((resolve) => setTimeout(resolve, after));
    child.kill('SIGTERM');
    expect(await exit).toBeOneOf([143, 'SIGTERM']);
    const { ids, running } = await left(world);
    expect([ids <= 1, running]).toEqual([true, 0]);
  }
});

async function left(world: ReturnType<typeof temporaryWorld>): Promise<{ ids: number; running: number }> {
  const { spoor } = await import('../support/spoor.ts');
  const runs = JSON.parse(String((await spoor(world, ['ls', '--json'])).stdout)) as { status: string }[];
  return { ids: runs.length, running: runs.filter(({ status }) => status === 'running').length };
}

test('a pipe that nobody reads keeps Spoor neither from recording nor from ending once it is asked to', async () => {
  const world = temporaryWorld();
  const script = 'import sys, time\nsys.stdout.write("x" * 500_000)\nsys.stdout.flush()\ntime.sleep(30)';
  const err = openSync(join(world.root, 'err'), 'w');
  const child = spawn(process.execPath, [spoorBin, 'run', '--', 'python3', '-c', script], {
    cwd: world.root,
    env: world.env,
    detached: true,
    stdio: ['ignore', 'pipe', err],
  });
  closeSync(err);
  const exit = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
  child.stdout?.pause();
  const log = () => {
    try {
      return readFileSync(join(folderOf(world), 'log')).length;
    } catch {
      return 0;
    }
  };
  await eventually(() => log() === 500_000);
  child.kill('SIGTERM');
  // The write that hangs allows no exit status: Spoor ends by the signal, which a shell tells as 143 too.
  expect(await exit).toBe('SIGTERM');
  await eventually(() => endedFact(world));
  expect(endedFact(world)).toMatchObject({ status: 'interrupted', signal: 'SIGTERM' });
  child.stdout?.destroy();
});
