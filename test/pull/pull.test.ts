import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { eventually, held, start } from '../run/play.ts';
import { spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd & { directory: string };
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

/** The machine that trains; the home at home is another directory of the same world. */
let world: World;
let local: { SPOOR_HOME: string };
beforeEach(() => {
  world = makeWorld();
  local = { SPOOR_HOME: join(world.root, 'at home') };
});
afterEach(() => world.remove());

const address = (path: string, port = sshd.port) => `ssh://127.0.0.1:${port}${path}`;

function pull(more: string[] = [], path = world.spoorHome) {
  return spoor(world, ['pull', address(path), '--ssh', sshd.command, ...more], { env: local });
}

async function pulled(): Promise<{ added: string[]; updated: string[]; running: string[]; objects: number }> {
  const { stdout, stderr, exitCode } = await pull(['--json']);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function shownIn(env: Record<string, string>, reference: string): Promise<Run> {
  return JSON.parse((await spoor(world, ['show', reference, '--json'], { env })).stdout) as Run;
}

const there = () => ({ SPOOR_HOME: world.spoorHome });

async function expectWhole(): Promise<void> {
  const { stdout, exitCode } = await spoor(world, ['verify'], { env: local });
  expect(stdout).toContain('everything is as it was recorded');
  expect(exitCode).toBe(0);
}

test('a run comes home whole: its record, log, objects and code are as they are over there', async () => {
  world.write(join(world.trainer, 'hack.py'), 'HACK = 1\n');
  await spoor(world, ['run', '--reason', 'first', '--', ...training(world)]);
  await spoor(world, ['run', '--', ...training(world, '--learning_rate', '2e-4')]);
  const { added, objects } = await pulled();
  expect(added).toHaveLength(2);
  expect(objects).toBeGreaterThan(5);
  for (const id of added) {
    expect(await shownIn(local, id)).toEqual(await shownIn(there(), id));
    const log = join('runs', id, 'log');
    expect(readFileSync(join(local.SPOOR_HOME, log))).toEqual(readFileSync(join(world.spoorHome, log)));
  }
  await expectWhole();
  const run = await shownIn(local, '@');
  const [code = ''] = run.repos.flatMap(({ name, code }) => (name === 'sd-scripts' ? [code ?? ''] : []));
  const own = join(local.SPOOR_HOME, 'code', `${code}.git`);
  expect(world.git(own, 'show', `refs/spoor/runs/${run.id}:hack.py`)).toBe('HACK = 1\n');
  expect(
    world.git(own, 'log', '--format=%s', `refs/spoor/history/${run.repos.find((r) => r.code === code)?.head}`),
  ).toBe('trainer\n');
});

test('a second time nothing is brought; what was said since is', async () => {
  await spoor(world, ['run', '--', ...training(world)]);
  const [id = ''] = (await pulled()).added;
  expect(await pulled()).toEqual({ added: [], updated: [], running: [], objects: 0 });
  await spoor(world, ['note', '@', 'said over there']);
  await spoor(world, ['tag', '@', '+home'], { env: local });
  expect(await pulled()).toEqual({ added: [], updated: [id], running: [], objects: 0 });
  const run = await shownIn(local, id);
  expect([run.notes.map(({ text }) => text), run.tags]).toEqual([['said over there'], ['home']]);
  expect((await spoor(world, ['ls', 'tag:home'], { env: local })).stdout).toContain('wolf');
  await expectWhole();
});

test('a pull that was broken off goes on where it stopped, whatever was left half done', async () => {
  await spoor(world, ['run', '--', ...training(world)]);
  const [id = ''] = (await pulled()).added;
  const folder = join(local.SPOOR_HOME, 'runs', id);
  const whole = readFileSync(join(folder, 'journal.jsonl'));
  const log = readFileSync(join(folder, 'log'));
  truncateSync(join(folder, 'journal.jsonl'), whole.length - 100);
  truncateSync(join(folder, 'log'), 10);
  const [fan = ''] = readdirSync(join(local.SPOOR_HOME, 'objects'));
  rmSync(join(local.SPOOR_HOME, 'objects', fan), { recursive: true });
  rmSync(join(local.SPOOR_HOME, 'code'), { recursive: true });
  expect((await pulled()).updated).toEqual([id]);
  expect(readFileSync(join(folder, 'journal.jsonl'))).toEqual(whole);
  expect(readFileSync(join(folder, 'log'))).toEqual(log);
  await expectWhole();
});

test('where the two differ before the end of ours, theirs takes its place', async () => {
  await spoor(world, ['run', '--', ...training(world)]);
  const [id = ''] = (await pulled()).added;
  const log = join(local.SPOOR_HOME, 'runs', id, 'log');
  const whole = readFileSync(log);
  writeFileSync(log, Buffer.concat([whole.subarray(0, 20), Buffer.from('something else')]));
  await pulled();
  expect(readFileSync(log)).toEqual(whole);
});

test('with --follow a run is seen at home while it trains, and its end ends the following', async () => {
  const { env, ready, go } = held(world);
  const trainer = start(world, ['run', '--', ...training(world)], { env });
  await eventually(ready, trainer.err);
  const following = pull(['--follow', '--json']);
  const runs = join(local.SPOOR_HOME, 'runs');
  await eventually(
    () => existsSync(runs) && readdirSync(runs).some((id) => existsSync(join(runs, id, 'journal.jsonl'))),
  );
  expect(await shownIn(local, '@')).toMatchObject({ status: 'running', endedAt: null });
  go();
  expect((await following).exitCode).toBe(0);
  const run = await shownIn(local, '@');
  expect(run.status).toBe('succeeded');
  expect(run).toEqual(await shownIn(there(), run.id));
});

test('damaged objects and packs are left out and told', async () => {
  await spoor(world, ['run', '--', ...training(world)]);
  const run = await shownIn(there(), '@');
  const sha = run.files.find(({ role }) => role === 'config')?.sha256 ?? '';
  const object = join(world.spoorHome, 'objects', sha.slice(0, 2), sha);
  chmodSync(object, 0o600);
  writeFileSync(object, 'not what its name says');
  const code = join(world.spoorHome, 'code', `${run.repos[0]?.code}.git`);
  const fan = readdirSync(join(code, 'objects')).find((name) => /^[0-9a-f]{2}$/.test(name)) ?? '';
  const [loose = ''] = readdirSync(join(code, 'objects', fan));
  chmodSync(join(code, 'objects', fan, loose), 0o600);
  writeFileSync(join(code, 'objects', fan, loose), 'x');
  const { stderr, exitCode } = await pull();
  expect(exitCode).toBe(0);
  expect(stderr).toContain('2 of the files that these runs name are missing or damaged over there');
  expect(existsSync(join(local.SPOOR_HOME, 'objects', sha.slice(0, 2), sha))).toBe(false);
  expect(existsSync(join(local.SPOOR_HOME, 'code', `${run.repos[0]?.code}.git/objects`, fan, loose))).toBe(false);
});

test('only what a home of Spoor holds is taken: no configuration, hook or strange name', async () => {
  await spoor(world, ['run', '--', ...training(world)]);
  const run = await shownIn(there(), '@');
  const code = join('code', `${run.repos[0]?.code}.git`);
  world.write(join(world.spoorHome, code, 'hooks/post-checkout'), '#!/bin/sh\ntouch /tmp/evil\n');
  world.write(join(world.spoorHome, code, 'config'), '[core]\n\tfsmonitor = touch evil\n');
  world.write(join(world.spoorHome, 'runs', run.id, 'strange file'), 'x');
  world.write(join(world.spoorHome, 'runs/not-a-run/journal.jsonl'), '{}\n');
  await pulled();
  expect(existsSync(join(local.SPOOR_HOME, code, 'hooks'))).toBe(false);
  expect(readFileSync(join(local.SPOOR_HOME, code, 'config'), 'utf8')).not.toContain('evil');
  expect(readdirSync(join(local.SPOOR_HOME, 'runs'))).toEqual([run.id]);
  expect(readdirSync(join(local.SPOOR_HOME, 'runs', run.id))).not.toContain('strange file');
});

test('what is newer at home stays', async () => {
  await spoor(world, ['run', '--', ...training(world)]);
  const [id = ''] = (await pulled()).added;
  const journal = join('runs', id, 'journal.jsonl');
  const { size } = statSync(join(world.spoorHome, journal));
  truncateSync(join(world.spoorHome, journal), size - 200);
  expect(await pulled()).toEqual({ added: [], updated: [], running: [], objects: 0 });
  expect(statSync(join(local.SPOOR_HOME, journal)).size).toBe(size);
});

test('errors name the host or the path, and the remedy', async () => {
  const nowhere = await pull([], join(world.root, 'nothing here'));
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([66, expect.stringContaining('there are no records at')]);
  const refused = await spoor(world, ['pull', address('/x', 1), '--ssh', sshd.command], { env: local });
  expect([refused.exitCode, refused.stderr]).toEqual([
    69,
    expect.stringMatching(/no connection to 127\.0\.0\.1: .*\n.*hint: See whether/),
  ]);
  for (const bad of ['127.0.0.1:/x', 'ssh://', 'ssh://-oProxyCommand=evil/x', 'ssh://a b/x', 'ssh://h:99999/x']) {
    const { exitCode, stderr } = await spoor(world, ['pull', bad], { env: local });
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining('is no address to pull from')]);
  }
});

test('without a path the home is found where one usually is', async () => {
  // The login shell of ssh has the user's own HOME: a path below it stands for the usual one.
  const { stderr, exitCode } = await spoor(world, ['pull', address(`${world.root}`), '--ssh', sshd.command], {
    env: local,
  });
  expect([exitCode, stderr]).toEqual([66, expect.stringContaining(`there are no records at ${world.root}`)]);
  await spoor(world, ['ls'], { env: { SPOOR_HOME: join(world.root, '.spoor') } });
  expect((await spoor(world, ['pull', address(world.root), '--ssh', sshd.command], { env: local })).exitCode).toBe(0);
});
