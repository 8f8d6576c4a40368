/** Code as `spoor run` records it, and as git reads it back from the repositories that Spoor keeps. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Repo } from '../../src/model/run.ts';
import { recorded, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => {
  // What belongs to another user can be removed by root only if it may override permissions.
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '0:0', world.root]);
  world.remove();
});

const at = (...parts: string[]) => join(world.root, ...parts);
const own = ({ code }: Repo, ...args: string[]) =>
  execFileSync('git', ['--git-dir', join(world.spoorHome, 'code', `${code}.git`), ...args], { env: world.env });

/** Paths and contents of the snapshot. */
function snapshotOf(repo: Repo): Record<string, string> {
  const names = String(own(repo, 'ls-tree', '-r', '-z', '--name-only', repo.snapshot!))
    .split('\0')
    .filter(Boolean);
  return Object.fromEntries(
    names.map((name) => [name, own(repo, 'cat-file', 'blob', `${repo.snapshot}:${name}`).toString('latin1')]),
  );
}

/** Paths and contents of a work tree's files, all in its top directory. */
function filesOf(top: string): Record<string, string> {
  const names = readdirSync(top, { withFileTypes: true }).filter((each) => each.isFile() && each.name !== '.git');
  return Object.fromEntries(names.map(({ name }) => [name, readFileSync(join(top, name), 'latin1')]));
}

function repository(name: string, files: Record<string, string> = { 'train.py': `# ${name}\n` }): string {
  const top = at(name);
  mkdirSync(top);
  world.git(top, 'init', '-q', '-b', 'main');
  for (const [path, text] of Object.entries(files)) writeFileSync(join(top, path), text);
  world.git(top, 'add', '-A');
  world.git(top, 'commit', '-q', '-m', 'first');
  return top;
}

/** A run with these repositories beside the trainer's own. */
async function withRepositories(...paths: string[]) {
  const { run, exitCode } = await recorded(world, training(world), { args: paths.flatMap((path) => ['--repo', path]) });
  expect([exitCode, run.status]).toEqual([0, 'succeeded']);
  return { run, named: (path: string) => run.repos.find((repo) => repo.path === path)! };
}

test('what LFS and CRLF filters make of files on the disk is kept as it stands on the disk', async () => {
  const top = repository('weights', {
    '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n*.py text eol=crlf\n',
  });
  world.git(top, 'lfs', 'install', '--local');
  world.git(top, 'config', 'core.autocrlf', 'true');
  for (const name of ['same.bin', 'changed.bin']) writeFileSync(join(top, name), `large ${name}`);
  writeFileSync(join(top, 'train.py'), 'one\r\ntwo\r\n');
  world.git(top, 'add', '-A');
  world.git(top, 'commit', '-q', '-m', 'large files');
  // git itself holds pointers and plain line ends.
  expect(world.git(top, 'cat-file', 'blob', 'HEAD:same.bin')).toContain('version https://git-lfs.github.com/spec/v1');
  expect(world.git(top, 'cat-file', 'blob', 'HEAD:train.py')).toBe('one\ntwo\n');
  const clean = await withRepositories(top);
  expect(clean.named(top)).toMatchObject({ dirty: false, changedPaths: [] });
  // Touched: git looks at the bytes, with no filter between.
  utimesSync(join(top, 'same.bin'), 1, 1);
  expect((await withRepositories(top)).named(top)).toMatchObject({ dirty: false, changedPaths: [] });
  writeFileSync(join(top, 'changed.bin'), Buffer.from([0, 13, 10, 255]));
  writeFileSync(join(top, 'train.py'), 'one\r\ntwo\nthree\r\n');

  const { named } = await withRepositories(top);

  expect(named(top)).toMatchObject({ dirty: true });
  expect(named(top)?.changedPaths.map(({ path }) => path)).toEqual(['changed.bin', 'train.py']);
  expect(snapshotOf(named(top))).toEqual(filesOf(top));
  expect(snapshotOf(clean.named(top))).toMatchObject({
    'changed.bin': 'large changed.bin',
    'train.py': 'one\r\ntwo\r\n',
  });
});

test.each<[string, (top: string) => void]>([
  [
    'by a list of the user',
    (top) => {
      world.write(join(world.env.HOME!, '.config/git/attributes'), '*.bin filter=lfs\n');
      rmSync(join(top, '.gitattributes'));
    },
  ],
  [
    'by a list of the repository’s own',
    (top) => {
      world.write(join(top, '.git/info/attributes'), '*.bin filter=lfs\n');
      rmSync(join(top, '.gitattributes'));
    },
  ],
  ['by a list that stands in the index alone', (top) => rmSync(join(top, '.gitattributes'))],
  [
    'in a directory of its own',
    (top) => {
      renameSync(join(top, '.gitattributes'), join(top, 'deep/.gitattributes'));
    },
  ],
])('a file under LFS %s is clean as long as it is what its pointer says', async (_, hide) => {
  const top = repository('hidden', { '.gitattributes': '*.bin filter=lfs\n' });
  world.git(top, 'lfs', 'install', '--local');
  world.write(join(top, 'deep/same.bin'), 'large same.bin');
  world.git(top, 'add', '-A');
  world.git(top, 'commit', '-q', '-m', 'a large file');
  hide(top);
  utimesSync(join(top, 'deep/same.bin'), 1, 1);

  const { named } = await withRepositories(top);

  expect(named(top)?.changedPaths.map(({ path }) => path)).not.toContain('deep/same.bin');
});

test('repositories of every odd kind: each is a warning that names it, its files are kept, the training runs', async () => {
  const origin = repository('origin');
  appendFileSync(join(origin, 'train.py'), 'pass\n');
  world.git(origin, 'commit', '-q', '-a', '-m', 'second');
  world.git(origin, 'config', 'uploadpack.allowFilter', 'true');
  const clone = (name: string, ...options: string[]) => {
    world.git(world.root, 'clone', '-q', ...options, `file://${origin}`, name);
    return at(name);
  };
  const unborn = at('unborn');
  mkdirSync(unborn);
  world.git(unborn, 'init', '-q');
  writeFileSync(join(unborn, 'train.py'), 'unborn\n');
  const corrupt = repository('corrupt');
  truncateSync(join(corrupt, '.git/index'), 20);
  for (const name of readdirSync(join(corrupt, '.git/objects'))) {
    if (name.length === 2) rmSync(join(corrupt, '.git/objects', name), { recursive: true });
  }
  const worktree = at('worktree');
  world.git(origin, 'worktree', 'add', '-q', '-b', 'side', worktree);
  writeFileSync(join(worktree, 'new.py'), 'in the worktree\n');
  const odd: [path: string, ...warnings: string[]][] = [
    [clone('shallow', '--depth=1'), 'shallow-clone'],
    [clone('partial', '--filter=blob:none'), 'partial-clone', 'history-incomplete'],
    [clone('bare.git', '--bare'), 'bare-repository'],
    [unborn, 'unborn-head'],
    [corrupt, 'corrupt-repository', 'history-not-kept'],
    [worktree, 'linked-worktree'],
  ];
  // Only root can give a repository away, which git then refuses to read.
  if (process.getuid?.() === 0) {
    const foreign = repository('foreign');
    execFileSync('chown', ['-R', '12345:12345', foreign]);
    expect(() => world.git(foreign, 'status')).toThrow(/dubious ownership/);
    odd.push([foreign, 'not-owned']);
  }

  const { run, named } = await withRepositories(...odd.map(([path]) => path));

  for (const [path, ...codes] of odd) {
    const about = run.warnings.filter(({ message }) => message.includes(path));
    expect(
      about.map((warning) => warning.code),
      path,
    ).toEqual(codes);
    if (named(path).kind !== 'bare') expect(snapshotOf(named(path)), path).toEqual(filesOf(path));
  }
  expect(named(at('bare.git'))).toMatchObject({ kind: 'bare', snapshot: null, history: true });
  expect(named(worktree)).toMatchObject({ branch: 'side', dirty: true });
  expect(named(at('shallow'))).toMatchObject({ shallow: true, dirty: false });
  expect(named(unborn)).toMatchObject({ head: null });
  // Taking a partial clone's snapshot fetched nothing that it had not.
  expect(world.git(at('partial'), 'rev-list', '--objects', '--all', '--missing=print')).toMatch(/^\?[0-9a-f]{40}$/m);
});

test('an untracked file above 20 MB is recorded by name, size and hash, and not copied', async () => {
  const large = join(world.trainer, 'cache.bin');
  const bytes = 20 * 2 ** 20 + 1;
  writeFileSync(large, '');
  truncateSync(large, bytes);
  writeFileSync(join(world.trainer, 'small.bin'), 'small');

  const { run, named } = await withRepositories();

  const sha256 = createHash('sha256').update(readFileSync(large)).digest('hex');
  expect(named(world.trainer).omitted).toEqual([{ path: 'cache.bin', reason: 'too-large', bytes, sha256 }]);
  expect(run.warnings).toMatchObject([{ code: 'files-too-large' }]);
  expect(snapshotOf(named(world.trainer))).toMatchObject({ 'small.bin': 'small' });
  expect(snapshotOf(named(world.trainer))).not.toHaveProperty('cache.bin');
  expect(String(own(named(world.trainer), 'count-objects', '-v'))).toMatch(/^size: \d{1,3}$/m);
});
