import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import {
  endedFact,
  eventually,
  folderOf,
  held,
  processesNamed,
  recorders,
  start,
  temporaryWorld,
  waiters,
} from './play.ts';

function kill(pids: number[]): void {
  expect(pids).not.toEqual([]);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

/** A training that waits after its first step, with its recorder at work. */
async function atStepOne(world: World, options: { env?: Record<string, string> } = {}) {
  const hold = held(world);
  const started = start(world, ['run', '--', ...training(world)], { env: { ...hold.env, ...options.env } });
  await eventually(hold.ready, started.err);
  await eventually(() => recorders(world).length > 0 && existsSync(join(folderOf(world), 'journal.jsonl')));
  await eventually(() => readFileSync(join(folderOf(world), 'journal.jsonl'), 'utf8').includes('"type":"captured"'));
  return { ...started, ...hold };
}

test('after kill -9 of the main process the training ends naturally and its status is recorded, unasked', async () => {
  const world = temporaryWorld();
  const { child, exit, go } = await atStepOne(world);
  child.kill('SIGKILL');
  expect(await exit).toBe('SIGKILL');
  go();
  await eventually(() => endedFact(world));
  expect(endedFact(world)).toMatchObject({ status: 'succeeded', exitCode: 0, signal: null });
  const run = await shown(world, '@');
  expect(run.warnings.map(({ code }) => code)).not.toContain('exit-status-unknown');
  expect(run.artifacts.filter(({ kind }) => kind === 'checkpoint')).not.toEqual([]);
});

test.each([
  ['succeeded', {}],
  ['failed', { T_FAIL_AT: '4' }],
] as const)(
  'after kill -9 of every process of Spoor the training ends naturally and is judged by its log: %s',
  async (status, env) => {
    const world = temporaryWorld();
    const { child, exit, go } = await atStepOne(world, { env });
    kill([child.pid ?? 0, ...recorders(world), ...waiters(world)]);
    await exit;
    const [trainer = 0] = processesNamed(world, 'train_network.py');
    const before = await shown(world, '@');
    expect(before).toMatchObject({ status: 'running', endedAt: null });
    expect(trainer).toBeGreaterThan(0);
    // Looking at it has given it a recorder again; that one is killed too.
    await eventually(() => recorders(world).length > 0);
    kill(recorders(world));
    go();
    await eventually(() => processesNamed(world, 'train_network.py').length === 0);
    const run = await shown(world, '@');
    expect(run).toMatchObject({ status, exitCode: null, signal: null });
    expect(run.warnings.map(({ code }) => code)).toContain('exit-status-unknown');
    expect(run.progress?.step).toBe(status === 'succeeded' ? 6 : 4);
    expect(existsSync(join(world.output, 'wolf.safetensors'))).toBe(status === 'succeeded');
    expect(run.diagnosis?.code ?? null).toBe(status === 'succeeded' ? null : 'out-of-memory');
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  },
);

test('after kill -9 of the recorder alone the next command gives the run a new one, which records the end', async () => {
  const world = temporaryWorld();
  const { exit, go } = await atStepOne(world);
  kill(recorders(world));
  await eventually(() => recorders(world).length === 0);
  await spoor(world, ['ls']);
  await eventually(() => recorders(world).length === 1);
  go();
  expect(await exit).toBe(0);
  await eventually(() => endedFact(world));
  expect(endedFact(world)).toMatchObject({ status: 'succeeded', exitCode: 0 });
});

test('after kill -9 of the recorder alone a run that ended meanwhile is settled by the next command', async () => {
  const world = temporaryWorld();
  const { exit, go, err } = await atStepOne(world);
  kill(recorders(world));
  go();
  expect(await exit).toBe(0);
  expect(err()).toContain('not complete');
  expect(endedFact(world)).toBeNull();
  expect(await shown(world, '@')).toMatchObject({ status: 'succeeded', exitCode: 0 });
  expect((await spoor(world, ['verify'])).exitCode).toBe(0);
});

test('settling a run does not bring back an output directory that was deleted', async () => {
  const world = temporaryWorld();
  const { child, exit, go } = await atStepOne(world);
  kill([child.pid ?? 0, ...recorders(world)]);
  await exit;
  go();
  await eventually(() => processesNamed(world, 'train_network.py').length === 0);
  rmSync(world.output, { recursive: true });
  expect(await shown(world, '@')).toMatchObject({ exitCode: 0 });
  expect(existsSync(world.output)).toBe(false);
});

test('what a recorder killed after the end had still to do is done by the next command', async () => {
  const world = temporaryWorld();
  const slow = slowGit(world);
  const { child, err, exit } = start(world, ['run', '--', ...training(world)], { env: slow.env });
  await eventually(() => endedFact(world) && recorders(world).length > 0 && slow.waiting(), err);
  kill([child.pid ?? 0, ...recorders(world)]);
  await exit;
  slow.release();
  const run = await shown(world, '@');
  expect(run.status).toBe('succeeded');
  expect(run.repos.map(({ history }) => history)).not.toContain(false);
});

test('slow work at the end is left to the background, and Ctrl-C there gives the status of the trainer', async () => {
  const world = temporaryWorld();
  const slow = slowGit(world);
  const { child, err, exit } = start(world, ['run', '--', 'sh', '-c', 'exit 9'], { env: slow.env, cwd: world.trainer });
  await eventually(() => err().includes('completing the record'), err);
  child.kill('SIGINT');
  expect(await exit).toBe(9);
  expect(err()).toContain('in the background');
  expect(err()).toContain('failed');
  slow.release();
  await eventually(() => recorders(world).length === 0);
  expect((await shown(world, '@')).repos.map(({ history }) => history)).not.toContain(false);
});

test('a recorder asked to end with the machine records the end and leaves what can wait', async () => {
  const world = temporaryWorld();
  const slow = slowGit(world);
  const { child, err, exit } = start(world, ['run', '--', ...training(world)], { env: slow.env });
  await eventually(() => endedFact(world) && slow.waiting(), err);
  for (const pid of recorders(world)) process.kill(pid, 'SIGTERM');
  await eventually(() => recorders(world).length === 0);
  child.kill('SIGKILL');
  await exit;
  slow.release();
  expect((await shown(world, '@')).repos.map(({ history }) => history)).not.toContain(false);
});

test('a driver that hangs does not keep the run from being complete', async () => {
  const world = temporaryWorld();
  const bin = join(world.root, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'nvidia-smi'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  const { exit, err } = start(world, ['run', '--', ...training(world)], { env: { PATH: `${bin}:${world.env.PATH}` } });
  expect(await exit).toBe(0);
  expect(err()).toContain('succeeded');
  expect(err()).not.toContain('in the background');
  expect(recorders(world)).toEqual([]);
});

/** A `git` that keeps history only when it is let. */
function slowGit(world: World): { env: Record<string, string>; waiting(): boolean; release(): void } {
  const bin = join(world.root, 'slow');
  mkdirSync(bin);
  const script = `#!/bin/sh
PATH=$REAL_PATH
case " $* " in *" pack-objects "*)
  : > "$SLOW/waiting"
  while [ ! -e "$SLOW/release" ]; do [ -d "$SLOW" ] || exit 1; sleep 0.05; done ;;
esac
exec git "$@"
`
    .replaceAll('$REAL_PATH', `'${world.env.PATH}'`)
    .replaceAll('$SLOW', bin);
  writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
  return {
    env: { PATH: `${bin}:${world.env.PATH}` },
    waiting: () => existsSync(join(bin, 'waiting')),
    release: () => writeFileSync(join(bin, 'release'), ''),
  };
}
