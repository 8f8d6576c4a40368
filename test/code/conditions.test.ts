import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captureRepository } from '../../src/capture/git/capture-repository.ts';
import { findRepositories } from '../../src/capture/git/find-repositories.ts';
import { finishRepository } from '../../src/capture/git/finish-repository.ts';
import { listUserConfig } from '../../src/capture/git/user-config.ts';
import { gitProcess } from '../../src/store/code/git-process.ts';
import { CodeRepositories } from '../../src/store/code-repositories.ts';
import { permissionsBind } from '../support/rights.ts';
import { type CodeWorld, codeWorld, tree } from './world.ts';

const codes = (captured: { warnings: { code: string }[] }) => captured.warnings.map(({ code }) => code);

async function keepsFiles(world: CodeWorld, top: string, ...expected: string[]) {
  const captured = await world.capture(top);
  expect(codes(captured)).toEqual(expected);
  for (const { message } of captured.warnings) expect(message).toContain(top);
  expect(tree(await world.restored(captured))).toEqual(tree(top));
  return captured.repository;
}

test('facts of a clean repository: head, branch, describe, remotes without credentials, ahead and behind', async () => {
  const world = codeWorld();
  const origin = world.repository('origin');
  world.git(world.root, 'clone', '-q', origin, 'clone');
  const top = world.at('clone');
  world.git(origin, 'commit', '-q', '--allow-empty', '-m', 'theirs');
  world.git(top, 'fetch', '-q');
  world.git(top, 'tag', 'v1.0');
  world.git(top, 'commit', '-q', '--allow-empty', '-m', 'ours');
  world.git(top, 'commit', '-q', '--allow-empty', '-m', 'ours too');
  world.git(top, 'remote', 'set-url', 'origin', 'https://me:hunter2hunter2@example.org/trainer.git');
  const head = world.git(top, 'rev-parse', 'HEAD').trim();

  const { repository, warnings, later } = await world.capture(top);

  expect(warnings).toEqual([]);
  const work = later.find((each) => each.kind === 'repository')!;
  expect(await finishRepository(world.port, world.port.named(repository.code!), work)).toMatchObject({
    head,
    branch: 'main',
    describe: `v1.0-2-g${head.slice(0, 7)}`,
    ahead: 2,
    behind: 1,
    dirty: false,
    kind: 'git',
    name: 'clone',
    shallow: false,
  });
  expect(repository.remote).toMatch(/example\.org\/trainer\.git$/);
  expect(JSON.stringify(repository)).not.toContain('hunter2');
  expect(later).toContainEqual({ kind: 'history', code: repository.code, gitDirectory: join(top, '.git'), head });
});

test('a detached HEAD has no branch', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  world.git(top, 'checkout', '-q', '--detach');
  world.git(top, 'pack-refs', '--all');
  expect(await keepsFiles(world, top)).toMatchObject({ branch: null, dirty: false });
});

test('a branch whose reference is packed is read', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  world.git(top, 'pack-refs', '--all');
  expect(await keepsFiles(world, top)).toMatchObject({
    branch: 'main',
    head: world.git(top, 'rev-parse', 'HEAD').trim(),
  });
});

test('an unborn HEAD', async () => {
  const world = codeWorld();
  const top = world.at('new');
  mkdirSync(top);
  world.git(top, 'init', '-q', '-b', 'trunk');
  world.write(join(top, 'a.py'), 'a');
  world.write(join(top, 'b.py'), 'b');
  world.git(top, 'add', 'a.py');
  expect(await keepsFiles(world, top, 'unborn-head')).toMatchObject({
    head: null,
    branch: 'trunk',
    changes: { staged: 1, untracked: 1 },
  });
});

test('a bare repository is named, and only its history is kept', async () => {
  const world = codeWorld();
  world.repository('trainer');
  world.git(world.root, 'clone', '-q', '--bare', world.at('trainer'), 'bare.git');
  const captured = await world.capture(world.at('bare.git'));
  expect(codes(captured)).toEqual(['bare-repository']);
  expect(captured.repository).toMatchObject({ kind: 'bare', snapshot: null, branch: 'main' });
  expect(captured.later.map(({ kind }) => kind)).toEqual(['history', 'repository']);
});

test('a shallow clone and a partial clone', async () => {
  const world = codeWorld();
  const origin = world.repository('origin');
  world.git(origin, 'commit', '-q', '--allow-empty', '-m', 'second');
  world.git(origin, 'config', 'uploadpack.allowFilter', 'true');
  world.git(world.root, 'clone', '-q', '--depth=1', `file://${origin}`, 'shallow');
  world.git(world.root, 'clone', '-q', '--filter=blob:none', `file://${origin}`, 'partial');
  expect(await keepsFiles(world, world.at('shallow'), 'shallow-clone')).toMatchObject({ shallow: true, dirty: false });
  expect(await keepsFiles(world, world.at('partial'), 'partial-clone')).toMatchObject({ shallow: false, dirty: false });
});

test('a sparse checkout: what is there is kept', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a/1.py': '1', 'b/2.py': '2', 'c.py': '3' });
  world.git(top, 'sparse-checkout', 'set', 'a');
  expect(await keepsFiles(world, top, 'sparse-checkout')).toMatchObject({ dirty: false });
  world.git(top, 'sparse-checkout', 'set', '--sparse-index', 'a');
  expect(await keepsFiles(world, top, 'sparse-checkout')).toMatchObject({ dirty: false });
});

test('changes that git was told not to look at are kept, and said', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', 'b.py': '2' });
  world.git(top, 'update-index', '--assume-unchanged', 'a.py');
  world.git(top, 'update-index', '--skip-worktree', 'b.py');
  world.write(join(top, 'a.py'), 'changed');
  world.write(join(top, 'b.py'), 'changed');
  await keepsFiles(world, top, 'unwatched-files');
});

test('a merge in progress', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1' });
  world.git(top, 'checkout', '-q', '-b', 'side');
  world.write(join(top, 'a.py'), '2');
  world.git(top, 'commit', '-qam', 'side');
  world.git(top, 'checkout', '-q', 'main');
  world.write(join(top, 'a.py'), '3');
  world.git(top, 'commit', '-qam', 'main');
  expect(() => world.git(top, 'merge', 'side')).toThrow();
  const repository = await keepsFiles(world, top, 'operation-in-progress');
  expect(repository.changedPaths).toEqual([{ path: 'a.py', status: 'UU' }]);
});

test('an index that another git holds', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  world.write(join(top, '.git/index.lock'), '');
  await keepsFiles(world, top, 'index-locked');
});

test('a damaged index', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', '.gitignore': 'kept.bin\n' });
  world.write(join(top, 'kept.bin'), 'x');
  world.git(top, 'add', '-f', 'kept.bin');
  world.git(top, 'commit', '-qm', 'ignored but tracked');
  for (const length of [90, 40, 20, 0]) {
    truncateSync(join(top, '.git/index'), length);
    expect(await keepsFiles(world, top, 'corrupt-repository')).toMatchObject({ dirty: null, branch: 'main' });
  }
  rmSync(join(top, '.git/index'));
  execFileSync('mkfifo', [join(top, '.git/index')]);
  await keepsFiles(world, top, 'corrupt-repository');
});

test('missing objects', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', 'b/c.py': '2' });
  for (const name of readdirSync(join(top, '.git/objects'))) {
    if (name.length === 2) rmSync(join(top, '.git/objects', name), { recursive: true });
  }
  expect(await keepsFiles(world, top, 'corrupt-repository')).toMatchObject({ dirty: null, branch: 'main' });
});

test('a HEAD that names nothing', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  writeFileSync(join(top, '.git/HEAD'), 'garbage\n');
  expect(await keepsFiles(world, top, 'broken-head')).toMatchObject({ head: null, branch: null });
});

test('a configuration that cannot be parsed', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  writeFileSync(join(top, '.git/config'), '[core\nbroken');
  await keepsFiles(world, top, 'git-config-unreadable');
});

test('a .git that is no repository at all', async () => {
  const world = codeWorld();
  for (const [name, spoil] of [
    ['empty', (top: string) => mkdirSync(join(top, '.git'))],
    ['file', (top: string) => writeFileSync(join(top, '.git'), 'nonsense')],
    ['away', (top: string) => writeFileSync(join(top, '.git'), 'gitdir: /nowhere/at/all\n')],
    ['loop', (top: string) => symlinkSync('.git', join(top, '.git'))],
    ['fifo', (top: string) => execFileSync('mkfifo', [join(top, '.git')])],
  ] as const) {
    const top = world.at(name);
    world.write(join(top, 'train.py'), 'a');
    spoil(top);
    expect(await keepsFiles(world, top, 'corrupt-repository')).toMatchObject({ kind: 'git', dirty: null });
  }
});

test.skipIf(!permissionsBind)('an unreadable .git and an unreadable file', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', 'b.py': '2' });
  chmodSync(join(top, 'b.py'), 0);
  const captured = await world.capture(top);
  expect(codes(captured)).toEqual(['files-unreadable']);
  expect(captured.repository.omitted).toMatchObject([{ path: 'b.py', reason: 'unreadable' }]);
  expect(tree(await world.restored(captured))).toEqual({ 'a.py': '- 1' });
  chmodSync(join(top, 'b.py'), 0o600);
  chmodSync(join(top, '.git'), 0);
  await keepsFiles(world, top, 'corrupt-repository');
  chmodSync(join(top, '.git'), 0o700);
});

test.skipIf(process.getuid?.() !== 0)('a repository of another user, which git itself refuses', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  execFileSync('chown', ['-R', '12345:12345', top]);
  expect(() => world.git(top, 'status')).toThrow(/dubious ownership/);
  expect(await keepsFiles(world, top, 'not-owned')).toMatchObject({ dirty: false, branch: 'main' });
  execFileSync('chown', ['-R', '0:0', top]);
});

test('names that differ by case only', async () => {
  const world = codeWorld();
  await keepsFiles(world, world.repository('trainer', { 'Train.py': '1', 'train.py': '2' }), 'case-collision');
});

test('a file that became a FIFO does not hold anyone up', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', 'b.py': '2' });
  rmSync(join(top, 'b.py'));
  execFileSync('mkfifo', [join(top, 'b.py'), join(top, 'untracked.py')]);
  const captured = await world.capture(top);
  expect(codes(captured)).toEqual(['files-special']);
  expect(captured.repository.omitted).toEqual([{ path: 'b.py', reason: 'special', bytes: null, sha256: null }]);
});

test('a .gitignore that is a FIFO costs a limited time', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  execFileSync('mkfifo', [join(top, '.gitignore')]);
  const captured = await world.capture(top, { limits: { milliseconds: 500 } });
  expect(codes(captured)).toEqual(['git-timeout']);
  expect(captured.repository.snapshot).toBeNull();
});

test('without git, HEAD is told and the rest is a warning', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  const env = { PATH: world.at('nothing'), HOME: world.env.HOME };
  const directories = {
    codeDirectory: world.at('home/code'),
    cacheDirectory: world.at('home/cache'),
    scratchDirectory: world.at('home/cache/git'),
  };
  const port = new CodeRepositories(directories, gitProcess(env));
  const [found] = findRepositories([{ path: top, roles: ['given'] }], world.env.HOME!);
  const users = listUserConfig(port.git, env);
  const { repository, warnings } = await captureRepository({ found: found!, run: 'R', port, environment: env, users });
  expect(repository).toMatchObject({ branch: 'main', snapshot: null, dirty: null });
  expect(repository.head).toMatch(/^[0-9a-f]{40}$/);
  expect(warnings.map(({ code }) => code)).toEqual(['git-missing']);
});

test('a home that cannot be written is a warning, and HEAD is told', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  world.write(world.at('home'), 'a file in the way');
  const { repository, warnings } = await world.capture(top);
  expect(repository).toMatchObject({ branch: 'main', snapshot: null });
  expect(warnings.map(({ code }) => code)).toEqual(['code-not-kept']);
});

test('a repository of SHA-256 objects', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1' }, '--object-format=sha256');
  world.write(join(top, 'a.py'), '2');
  const repository = await keepsFiles(world, top);
  expect(repository.head).toHaveLength(64);
  expect(repository.snapshot).toHaveLength(64);
  expect(repository.dirty).toBe(true);
});

test('a repository in the home directory is known by its HEAD only, and the code below it is kept', async () => {
  const world = codeWorld();
  const home = world.repository('user', { '.zshrc': 'x' });
  world.write(join(home, 'train/train.py'), 'a');
  const found = findRepositories([{ path: join(home, 'train/train.py'), roles: ['trainer'] }], home);
  expect(found.map(({ path, kind }) => [path, kind])).toEqual([
    [join(home, 'train'), 'directory'],
    [home, 'git'],
  ]);
  const { port, env: environment } = world;
  const users = listUserConfig(port.git, environment);
  const results = await Promise.all(
    found.map((each) => captureRepository({ found: each, run: 'R', port, environment, users })),
  );
  expect(results.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([['not-a-repository'], ['too-wide']]);
  expect(results[1]!.repository).toMatchObject({ snapshot: null, branch: 'main', code: null });
  expect(tree(await world.restored(results[0]!))).toEqual({ 'train.py': '- a' });
});
