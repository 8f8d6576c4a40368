import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, recorders, start, stateOf, temporaryWorld } from '../run/play.ts';
import { canBeNobody } from '../support/rights.ts';
import { spoor } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { attached, over, started, trainersOf, training, warned } from './play.ts';

/** In the manner of accelerate's launcher: the trainer is its child. */
const launcher = `
import subprocess, sys
words = sys.argv[sys.argv.index("launch") + 1:]
sys.exit(subprocess.call([sys.executable] + words))
`;

/** A trainer with a worker that was forked from it, as a data loader's are. */
function withWorker(world: World): string[] {
  const source = readFileSync(join(world.trainer, 'train_network.py'), 'utf8');
  const worker = 'import os, time\nif os.fork() == 0:\n    time.sleep(600)\n    os._exit(0)\n';
  world.write(join(world.trainer, 'train_network.py'), worker + source);
  return training(world);
}

function accelerated(world: World): string[] {
  const [python = '', ...rest] = training(world);
  chmodSync(world.write(join(world.root, 'bin/accelerate'), `#!${python}\n${launcher}`), 0o755);
  return [join(world.root, 'bin/accelerate'), 'launch', ...rest];
}

describe('the training is found', () => {
  test('by its launcher or by its own process: accelerate and what it starts are one', async () => {
    const world = temporaryWorld();
    const { pid, go } = await started(world, { command: accelerated(world) });
    const [worker = 0] = trainersOf(world);
    expect(worker).not.toBe(pid);
    const { id } = await attached(world, worker);
    const { exitCode, stderr } = await spoor(world, ['attach', String(pid)]);
    expect([exitCode, String(stderr)]).toEqual([78, expect.stringContaining(`process ${pid} is recorded already`)]);
    expect(String(stderr)).toContain(id);
    go();
    const run = await over(world, id);
    expect(run).toMatchObject({ trainer: 'sd-scripts', status: 'succeeded' });
    expect(run.wrappers.map(({ name }) => name)).toEqual(['accelerate']);
  });

  test('by one of its workers', async () => {
    const world = temporaryWorld();
    const { pid, go } = await started(world, { command: withWorker(world) });
    const worker = trainersOf(world).find((each) => each !== pid) ?? 0;
    const { id } = await attached(world, worker);
    go();
    const run = await over(world, id);
    expect(run.status).toBe('succeeded');
    expect(stateOf(worker)).not.toBeNull();
  });

  test('beneath the script that started it', async () => {
    const world = temporaryWorld();
    const script = world.write(join(world.root, 'train.sh'), `${training(world).join(' ')}\nsleep 600\n`);
    const { pid, go } = await started(world, { command: ['bash', script] });
    const { id } = await attached(world, pid);
    go();
    expect(await over(world, id)).toMatchObject({
      trainer: 'sd-scripts',
      status: 'succeeded',
      command: training(world),
    });
  });

  test('as whatever it is, with a warning, where it is no trainer that Spoor knows', async () => {
    const world = temporaryWorld();
    const command = [
      'sh',
      '-c',
      `: > ${world.root}/ready; while [ ! -e ${world.root}/go ]; do sleep 0.02; done; echo bye`,
    ];
    const { pid, go } = await started(world, { command });
    const { id } = await attached(world, pid, '--name', 'mine');
    go();
    const run = await over(world, id);
    expect(run).toMatchObject({ trainer: 'generic', status: 'lost', name: { full: 'mine' }, command });
    expect(warned(run, 'unknown-trainer')).toContain(`process ${pid} (sh)`);
  });

  test('with its arguments as they are: empty ones, spaces, line ends', async () => {
    const world = temporaryWorld();
    const odd = ['--training_comment', ' two\nlines ', '--note', '', '--last', "it's"];
    const { pid, go } = await started(world, { command: [...training(world), ...odd] });
    const { id } = await attached(world, pid);
    go();
    expect((await over(world, id)).command).toEqual([...training(world), ...odd]);
  });
});

describe('spoor attach refuses', () => {
  const refused = async (world: World, pid: string) => {
    const { exitCode, stderr, stdout } = await spoor(world, ['attach', pid]);
    expect(String(stdout)).toBe('');
    expect(existsSync(join(world.spoorHome, 'runs')) ? readdirSync(join(world.spoorHome, 'runs')) : []).toHaveLength(0);
    return [exitCode, String(stderr)];
  };

  test('a number that is no process, and what is no number', async () => {
    const world = temporaryWorld();
    expect(await refused(world, '4194305')).toEqual([66, expect.stringContaining('there is no process 4194305')]);
    expect(await refused(world, '12x')).toEqual([64, expect.stringContaining('12x is no process id')]);
    expect(await refused(world, '0')).toEqual([64, expect.stringContaining('0 is no process id')]);
  });

  test('what started it', async () => {
    const world = temporaryWorld();
    const told = await refused(world, String(process.pid));
    expect(told).toEqual([64, expect.stringContaining('is this command, or what started it')]);
  });

  test.runIf(canBeNobody)('a process of another user', async () => {
    const world = temporaryWorld();
    const other = spawn('sleep', ['600'], { stdio: 'ignore' });
    onTestFinished(() => void other.kill());
    chmodSync(world.root, 0o777);
    world.write(join(world.root, 'theirs/keep'), '');
    const env = { SPOOR_HOME: join(world.root, 'theirs/home') };
    chmodSync(join(world.root, 'theirs'), 0o777);
    // What is theirs only they may remove.
    onTestFinished(() => void spawnSync('rm', ['-rf', env.SPOOR_HOME], { uid: 65534, gid: 65534 }));
    const { exitCode, stderr } = await spoor(world, ['attach', String(other.pid)], { env, uid: 65534, gid: 65534 });
    expect([exitCode, String(stderr)]).toEqual([69, expect.stringContaining(`process ${other.pid} is another user's`)]);
  });

  test('a trainer that spoor run started, and names its run', async () => {
    const world = temporaryWorld();
    const env = { T_READY: join(world.root, 'ready'), T_HOLD: join(world.root, 'go') };
    const run = start(world, ['run', '--', ...training(world)], { env });
    await eventually(() => existsSync(join(world.root, 'ready')));
    const [id = ''] = readdirSync(join(world.spoorHome, 'active'));
    const { exitCode, stderr } = await spoor(world, ['attach', String(trainersOf(world)[0])]);
    expect([exitCode, String(stderr)]).toEqual([78, expect.stringContaining(`(${id})`)]);
    world.write(join(world.root, 'go'), '');
    expect(await run.exit).toBe(0);
  });
});

describe('when the recorder is killed', () => {
  test('the next command gives the trainer another, which copies the log to its end, every byte once', async () => {
    const world = temporaryWorld();
    const trainer = await started(world);
    const { id } = await attached(world, trainer.pid);
    const log = join(world.spoorHome, 'runs', id, 'log');
    await eventually(() => existsSync(log) && readFileSync(log, 'latin1').includes('1/'));
    await eventually(() => recorders(world).length === 1);
    process.kill(recorders(world)[0]!, 'SIGKILL');
    await eventually(() => recorders(world).length === 0);
    await spoor(world, ['ls']);
    await eventually(() => recorders(world).length === 1);
    trainer.go();
    const run = await over(world, id);
    expect(run.status).toBe('succeeded');
    expect(readFileSync(log)).toEqual(readFileSync(join(world.root, 'train.log')));
  });

  test('and the trainer ends too, the next command takes the rest of the log and judges', async () => {
    const world = temporaryWorld();
    const trainer = await started(world);
    const { id } = await attached(world, trainer.pid);
    await eventually(
      () => recorders(world).length === 1 && existsSync(join(world.spoorHome, 'runs', id, 'journal.jsonl')),
    );
    process.kill(recorders(world)[0]!, 'SIGKILL');
    await eventually(() => recorders(world).length === 0);
    trainer.go();
    await eventually(() => trainer.child.exitCode !== null);
    await spoor(world, ['ls']);
    const run = await over(world, id);
    expect(run).toMatchObject({ status: 'succeeded', exitCode: null });
    expect(readFileSync(join(world.spoorHome, 'runs', id, 'log'))).toEqual(readFileSync(join(world.root, 'train.log')));
  });

  test('another process that has the same number by then is not taken for the trainer', async () => {
    const world = temporaryWorld();
    const trainer = await started(world);
    const { id } = await attached(world, trainer.pid);
    await eventually(() => recorders(world).length === 1);
    process.kill(recorders(world)[0]!, 'SIGKILL');
    await eventually(() => recorders(world).length === 0);
    // The number is in use still; what it meant was started at another time.
    const path = join(world.spoorHome, 'active', id);
    const marker = JSON.parse(readFileSync(path, 'utf8'));
    marker.waiter.startTicks -= 100;
    writeFileSync(path, JSON.stringify(marker));
    await spoor(world, ['ls']);
    expect(await over(world, id)).toMatchObject({ exitCode: null });
    expect(existsSync(path)).toBe(false);
    expect(stateOf(trainer.pid)).not.toBeNull();
  });
});
