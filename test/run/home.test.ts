import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canMount, permissionsBind } from '../support/rights.ts';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { eventually, folderOf, held, processesNamed, start, temporaryWorld } from './play.ts';

/** What nobody can read as a file, not even root. */
function aDirectory(file: string): void {
  rmSync(file, { force: true });
  mkdirSync(join(file, 'x'), { recursive: true });
}

const made = (world: World) => existsSync(join(world.output, 'wolf.safetensors'));

test('with a home that is a file the training runs, and it is said that nothing is recorded', async () => {
  const world = temporaryWorld();
  writeFileSync(world.spoorHome, 'mine');
  const result = await spoor(world, ['run', '--', ...training(world)]);
  expect([result.exitCode, made(world)]).toEqual([0, true]);
  expect(result.stdout).toContain('running training');
  expect(result.stderr).toContain('not recorded');
  expect(readFileSync(world.spoorHome, 'utf8')).toBe('mine');
  expect((await spoor(world, ['run', '--', 'sh', '-c', 'exit 3'])).exitCode).toBe(3);
  expect((await spoor(world, ['run', '--strict', '--', ...training(world)])).exitCode).toBe(78);
});

test.for([
  ['permissions forbid to write', permissionsBind, 'chmod -R u-w "$1"', 'chmod -R u+w "$1"'],
  ['is mounted read-only', canMount, 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"', 'umount -l "$1"'],
] as const)('with a home that %s the training runs all the same', async ([_, possible, spoil, mend], { skip }) => {
  skip(!possible);
  const world = temporaryWorld();
  await recorded(world, ['true']);
  const change = (script: string) => void execFileSync('sh', ['-c', script, 'sh', world.spoorHome]);
  change(spoil);
  onTestFinished(() => change(mend));
  const result = await spoor(world, ['run', '--', ...training(world)]);
  expect([result.exitCode, made(world)]).toEqual([0, true]);
  expect(result.stderr).toContain('not recorded');
  expect(readdirSync(join(world.spoorHome, 'runs'))).toHaveLength(1);
  const listed = await spoor(world, ['ls', '--json']);
  expect(JSON.parse(String(listed.stdout))).toHaveLength(1);
});

test('a relative SPOOR_HOME is taken from the working directory, by the recorder too', async () => {
  const world = temporaryWorld();
  const env = { SPOOR_HOME: 'mine/home' };
  expect((await spoor(world, ['run', '--', ...training(world)], { env })).exitCode).toBe(0);
  const { stdout } = await spoor(world, ['show', '@', '--json'], { env });
  expect(JSON.parse(String(stdout))).toMatchObject({ status: 'succeeded' });
  expect(existsSync(join(world.root, 'mine/home/home.json'))).toBe(true);
});

test.each([
  ['unreadable', aDirectory],
  ['corrupt', (file: string) => writeFileSync(file, 'SQLite format 3\0 not at all'.repeat(100))],
  ['gone', (file: string) => rmSync(file, { force: true })],
] as const)('with the catalog %s runs are recorded, listed and shown', async (_, spoil) => {
  const world = temporaryWorld();
  await recorded(world, ['true']);
  await spoor(world, ['ls']);
  spoil(join(world.spoorHome, 'catalog.db'));
  const { run, exitCode } = await recorded(world, training(world));
  expect([exitCode, run.status]).toEqual([0, 'succeeded']);
  const listed = await spoor(world, ['ls', '--json']);
  expect(JSON.parse(String(listed.stdout))).toHaveLength(2);
});

test('with the catalog held by SQLite and by a living process, no run waits, no list waits, nothing is missing', async () => {
  const world = temporaryWorld();
  const { run } = await recorded(world, ['true']);
  await spoor(world, ['ls']);
  // As another `spoor ls` would hold it that stopped in the middle of writing.
  const token = '0123456789abcdef';
  writeFileSync(join(world.spoorHome, 'catalog.lock'), JSON.stringify({ token, ...ownIdentity() }));
  const python = `import sqlite3, sys
c = sqlite3.connect(sys.argv[1]); c.execute("BEGIN EXCLUSIVE"); print("held", flush=True); sys.stdin.read()`;
  const holder = spawn('python3', ['-c', python, join(world.spoorHome, 'catalog.db')], { env: world.env });
  let said = '';
  holder.stdout.on('data', (bytes) => {
    said += bytes;
  });
  await eventually(() => said.includes('held'));

  const hold = held(world);
  const second = start(world, ['run', '--', ...training(world)], { env: hold.env });
  // The trainer trains, and is listed, while all is still held.
  await eventually(hold.ready, second.err);
  const list = async () => JSON.parse(String((await spoor(world, ['ls', '--json'])).stdout)) as { id: string }[];
  expect(await list()).toMatchObject([{ status: 'running' }, { id: run.id }]);
  hold.go();
  expect(await second.exit).toBe(0);
  expect(await list()).toMatchObject([{ status: 'succeeded' }, { id: run.id }]);
  expect(await shown(world, '@')).toMatchObject({ status: 'succeeded' });
  // What a writer is needed for says who is in the way, and does not wait either.
  expect(await spoor(world, ['reindex'])).toMatchObject({ stderr: expect.stringContaining('another process') });
  expect(holder.exitCode).toBeNull();
  expect(readFileSync(join(world.spoorHome, 'catalog.lock'), 'utf8')).toContain(token);
  holder.stdin.end();
});

test('a lock that its dead owner left is taken over', async () => {
  const world = temporaryWorld();
  await recorded(world, ['true']);
  const dead = { ...ownIdentity(), startTicks: 1 };
  writeFileSync(join(world.spoorHome, 'catalog.lock'), JSON.stringify({ token: '0123456789abcdef', ...dead }));
  expect(await spoor(world, ['reindex'])).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(world.spoorHome, 'catalog.lock'))).toBe(false);
});

/** This process, as locks name one. */
function ownIdentity() {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const pidNamespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0];
  return { pid: process.pid, startTicks: ownStart(), bootId, pidNamespace, host: hostname() };
}

test('a repository whose git data is damaged is warned of, and the training runs', async () => {
  const world = temporaryWorld();
  writeFileSync(join(world.trainer, '.git/HEAD'), Buffer.alloc(100, 0xff));
  writeFileSync(join(world.trainer, '.git/index'), 'damaged');
  const { run, exitCode } = await recorded(world, training(world));
  expect([exitCode, run.status]).toEqual([0, 'succeeded']);
  expect(run.warnings).not.toEqual([]);
});

test.skipIf(!permissionsBind)('what may not be read is warned of, and the training runs', async () => {
  const world = temporaryWorld();
  const git = join(world.trainer, '.git');
  const closed = [git, join(world.trainer, 'library/train_util.py'), join(world.dataset, '2_grey wolf/one.png')];
  for (const path of closed) chmodSync(path, 0o000);
  onTestFinished(() => chmodSync(git, 0o700));
  const { run, exitCode } = await recorded(world, training(world));
  expect([exitCode, run.status]).toEqual([0, 'succeeded']);
  expect(run.warnings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['corrupt-repository', 'files-unreadable', 'dataset-unreadable']),
  );
  expect(run.dataset).toMatchObject({ images: 3, sha256: null });
});

test('a repository that lies nowhere is warned of, and the training runs', async () => {
  const world = temporaryWorld();
  const git = join(world.trainer, '.git');
  rmSync(git, { recursive: true });
  writeFileSync(git, 'gitdir: /nonexistent/spoor\n');
  const { run, exitCode } = await recorded(world, training(world));
  expect([exitCode, run.status]).toEqual([0, 'succeeded']);
  expect(run.warnings.map(({ code }) => code)).toContain('corrupt-repository');
});

test('a run folder in its first moments breaks neither ls nor show', async () => {
  const world = temporaryWorld();
  const { run } = await recorded(world, ['true']);
  const other = `${run.id.slice(0, -1)}${run.id.endsWith('0') ? '1' : '0'}`;
  mkdirSync(join(world.spoorHome, 'runs', other));
  const listed = await spoor(world, ['ls', '--json']);
  expect(listed.exitCode).toBe(0);
  expect(String(listed.stdout)).toContain(run.id);
  expect((await spoor(world, ['show', other])).exitCode).toBe(66);
  expect((await spoor(world, ['show', run.id])).exitCode).toBe(0);
});

/** A run whose Spoor processes are all dead and whose marker says what `change` makes of it. */
async function abandoned(world: World, change: (waiter: Record<string, unknown>) => void): Promise<string> {
  const hold = held(world);
  const { child, exit, err } = start(world, ['run', '--', ...training(world)], { env: hold.env });
  await eventually(hold.ready, err);
  await eventually(() => existsSync(join(folderOf(world), 'journal.jsonl')), err);
  const folder = folderOf(world);
  const id = folder.slice(-26);
  await eventually(() => readFileSync(join(folder, 'journal.jsonl'), 'utf8').includes('captured'));
  for (const pid of [...processesNamed(world, 'spoor'), ...processesNamed(world, 'train_network.py'), child.pid ?? 0]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was found twice.
    }
  }
  await exit;
  await eventually(() => processesNamed(world, 'train_network.py').length === 0);
  const marker = join(world.spoorHome, 'active', id);
  const active = JSON.parse(readFileSync(marker, 'utf8'));
  change(active.waiter);
  change(active.main);
  writeFileSync(marker, JSON.stringify(active));
  return id;
}

test.each([
  ['a pid that another process has by now', { pid: process.pid }],
  [
    'a pid and time of another boot',
    { pid: process.pid, startTicks: ownStart(), bootId: '00000000-0000-4000-8000-000000000000' },
  ],
] as const)('%s is not taken for the trainer: the run is settled', async (_, change) => {
  const world = temporaryWorld();
  const id = await abandoned(world, (identity) => Object.assign(identity, change));
  if ('bootId' in change) execFileSync('touch', ['-d', '2001-01-01', join(folderOf(world), 'log')]);
  expect(await shown(world, id)).toMatchObject({ status: expect.not.stringContaining('running'), exitCode: null });
});

test.each([
  ['host', { host: 'other-host' }],
  ['container', { pidNamespace: '1' }],
] as const)('a run of another %s is not judged here', async (_, change) => {
  const world = temporaryWorld();
  const id = await abandoned(world, (identity) => Object.assign(identity, change));
  expect(await shown(world, id)).toMatchObject({ status: 'running', endedAt: null });
  expect(existsSync(join(world.spoorHome, 'active', id))).toBe(true);
  const stop = await spoor(world, ['stop', id]);
  expect(stop.exitCode).not.toBe(0);
});

test('a run copied from elsewhere while it ran is never judged', async () => {
  const world = temporaryWorld();
  await recorded(world, ['true']);
  const other = temporaryWorld();
  const id = await abandoned(other, () => {});
  cpSync(join(other.spoorHome, 'runs', id), join(world.spoorHome, 'runs', id), { recursive: true });
  expect(await shown(world, id)).toMatchObject({ status: 'running', endedAt: null });
});

function ownStart(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}
