/** Directories that are not what they seem: nothing outside is touched, nothing hangs, nothing is followed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryWorld } from '../run/play.ts';
import { recorded, spoor, spoorBin, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { clean, contents, failing, leftOver, trash } from './play.ts';

const plant: [string, (world: World) => void, string][] = [
  [
    'a link to the home directory',
    (world) => symlinkSync(world.env.HOME ?? '', join(world.output, 'home')),
    'it holds home, a symbolic link',
  ],
  [
    'a link to itself',
    (world) => symlinkSync('.', join(world.output, 'sample/loop')),
    'it holds sample/loop, a symbolic link',
  ],
  [
    'a link to nothing',
    (world) => symlinkSync('/nowhere', join(world.output, 'gone')),
    'it holds gone, a symbolic link',
  ],
  [
    'a FIFO',
    (world) => void execFileSync('mkfifo', [join(world.output, 'pipe')]),
    'it holds pipe, which is no regular file',
  ],
  [
    'a FIFO under the name of one of Spoor’s files',
    (world) => {
      renameSync(join(world.output, 'config.toml'), join(world.root, 'elsewhere.toml'));
      execFileSync('mkfifo', [join(world.output, 'config.toml')]);
    },
    'it holds config.toml, which is no regular file',
  ],
  [
    'a link to a file with the bytes of Spoor’s own',
    (world) => {
      renameSync(join(world.output, 'config.toml'), join(world.root, 'elsewhere.toml'));
      symlinkSync(join(world.root, 'elsewhere.toml'), join(world.output, 'config.toml'));
    },
    'it holds config.toml, a symbolic link',
  ],
  ['a name with a newline', (world) => writeFileSync(join(world.output, 'a\nb'), ''), 'it holds a\nb'],
  [
    'a name that is no UTF-8',
    (world) => writeFileSync(Buffer.concat([Buffer.from(`${world.output}/`), Buffer.from([0xff, 0xfe])]), ''),
    'it holds \ufffd\ufffd, which cannot be read',
  ],
  [
    'event files where the trainer does not write them',
    (world) => writeFileSync(join(world.output, 'events.out.tfevents.1763931307.lair'), ''),
    'it holds events.out.tfevents.1763931307.lair',
  ],
  [
    'more than a failed start leaves',
    (world) => {
      for (let i = 0; i < 10_001; i++) mkdirSync(join(world.output, `d${i}`));
    },
    'it holds too much to look at',
  ],
];

test.each(plant)('a directory with %s is kept', async (_, planted, reason) => {
  const world = temporaryWorld();
  await leftOver(world);
  planted(world);
  const before = contents(world.root);
  expect(await clean(world)).toMatchObject([{ action: 'kept', reason }]);
  expect(Object.keys(contents(world.output) ?? {})).toEqual(
    Object.keys(before ?? {}).flatMap((path) =>
      path.startsWith('output/wolf-v1/') ? [path.slice('output/wolf-v1/'.length)] : [],
    ),
  );
  expect(await trash(world)).toEqual([]);
});

test('a directory whose place a link has taken is kept, and so is where the link leads', async () => {
  const world = temporaryWorld();
  await leftOver(world);
  const moved = join(world.root, 'moved');
  renameSync(world.output, moved);
  symlinkSync(moved, world.output);
  expect(await clean(world)).toMatchObject([{ action: 'kept', reason: `a link has its place, to ${moved}` }]);
  expect(existsSync(join(moved, 'spoor.json'))).toBe(true);
});

test('a directory that is reached through a link above it is cleaned where it really is', async () => {
  const world = temporaryWorld();
  mkdirSync(join(world.root, 'big'));
  symlinkSync('big', join(world.root, 'link'));
  const { run } = await recorded(world, training(world, '--output_dir', join(world.root, 'link/wolf')), {
    env: failing,
  });
  const real = join(world.root, 'big/wolf');
  expect(run.cleaned).toMatchObject({ state: 'removed', directory: real });
  expect(existsSync(real)).toBe(false);
  expect((await spoor(world, ['trash', 'restore', '@'])).exitCode).toBe(0);
  expect(existsSync(join(real, 'spoor.json'))).toBe(true);
});

test('a directory that became the home directory, or holds it, is kept', async () => {
  const world = temporaryWorld();
  const run = await leftOver(world);
  const within = async (home: string) => {
    const { stdout } = await spoor(world, ['clean', '--json'], { env: { HOME: home } });
    return JSON.parse(String(stdout)) as unknown;
  };
  expect(await within(world.output)).toMatchObject([{ run: run.id, reason: 'it is the home directory' }]);
  expect(await within(join(world.output, 'sample'))).toMatchObject([
    { reason: `it holds the home directory, ${join(world.output, 'sample')}` },
  ]);
});

test('the current directory is not taken from under anyone', async () => {
  const world = temporaryWorld();
  await leftOver(world);
  const { stdout } = await spoor(world, ['clean', '--json'], { cwd: join(world.output, 'sample') });
  expect(JSON.parse(String(stdout))).toMatchObject([
    { action: 'kept', reason: expect.stringContaining('the current directory') },
  ]);
});

test('a directory inside the dataset is left to the dataset', async () => {
  const world = temporaryWorld();
  const output = join(world.dataset, 'out');
  const { run } = await recorded(world, training(world, '--output_dir', output), { env: failing });
  expect(run.cleaned).toMatchObject({ state: 'kept', reason: `it lies in a dataset, ${world.dataset}` });
});

const mounts = spawnSync('/usr/bin/unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

test.skipIf(!mounts)('a mount point, and a directory in which something is mounted, are kept', async () => {
  const world = temporaryWorld();
  await leftOver(world);
  const mounted = (what: string, where: string) => {
    const script = `mount ${what} "$1" && exec "$2" "$3" clean --json`;
    const args = ['-m', 'sh', '-c', script, 'sh', where, process.execPath, spoorBin];
    return JSON.parse(
      execFileSync('/usr/bin/unshare', args, { env: world.env, cwd: world.root, encoding: 'utf8' }),
    ) as unknown;
  };
  const inside = join(world.output, 'sample');
  expect(mounted('-t tmpfs none', inside)).toMatchObject([{ action: 'kept', reason: `${inside} is mounted in it` }]);
  expect(mounted(`--bind ${world.output}`, world.output)).toMatchObject([
    { action: 'kept', reason: 'it is a mount point' },
  ]);
  expect(readdirSync(world.output)).toContain('spoor.json');
});

test.skipIf(process.getuid?.() === 0)('where the directory above cannot be written it is kept', async () => {
  const world = temporaryWorld();
  await leftOver(world);
  execFileSync('chmod', ['555', join(world.output, '..')]);
  const [done] = await clean(world);
  execFileSync('chmod', ['755', join(world.output, '..')]);
  expect(done).toMatchObject({ action: 'kept', reason: expect.stringContaining('could not be moved to the trash') });
});

test('a trash that cannot be written keeps the directory, and the run says why', async () => {
  const world = temporaryWorld();
  mkdirSync(world.spoorHome, { recursive: true });
  writeFileSync(join(world.spoorHome, 'trash'), 'no directory');
  const { run } = await recorded(world, training(world), { env: failing });
  expect(run.cleaned).toMatchObject({
    state: 'kept',
    reason: expect.stringContaining('could not be moved to the trash'),
  });
  expect(existsSync(join(world.output, 'spoor.json'))).toBe(true);
});
