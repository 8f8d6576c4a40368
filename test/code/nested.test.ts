import { appendFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRepositories } from '../../src/capture/git/find-repositories.ts';
import { type CodeWorld, codeWorld, tree } from './world.ts';

function withSubmodule(world: CodeWorld): string {
  const library = world.repository('library', { 'lib.py': 'x\n', 'keep.py': 'k\n' });
  const top = world.repository('trainer');
  world.git(top, 'submodule', 'add', '-q', library, 'modules/library');
  world.git(top, 'commit', '-q', '-m', 'submodule');
  return top;
}

test('files inside a dirty submodule stand in the snapshot of its parent', async () => {
  const world = codeWorld();
  const top = withSubmodule(world);
  const inner = join(top, 'modules/library');
  world.write(join(inner, 'lib.py'), 'changed\n');
  world.write(join(inner, 'untracked.py'), 'new\n');
  rmSync(join(inner, 'keep.py'));

  const captured = await world.capture(top);

  expect(captured.warnings).toEqual([]);
  expect(tree(await world.restored(captured))).toEqual(tree(top));
  const { repository } = captured;
  expect(repository.dirty).toBe(true);
  expect(repository.changedPaths).toContainEqual({ path: 'modules/library/lib.py', status: ' M' });
  expect(repository.nested).toEqual([
    {
      path: 'modules/library',
      submodule: true,
      head: world.git(inner, 'rev-parse', 'HEAD').trim(),
      branch: 'main',
      dirty: true,
      remote: world.at('library'),
    },
  ]);
});

test('a submodule moved to another commit makes its parent dirty', async () => {
  const world = codeWorld();
  const top = withSubmodule(world);
  const inner = join(top, 'modules/library');
  expect((await world.capture(top)).repository.dirty).toBe(false);
  world.git(inner, 'commit', '-q', '--allow-empty', '-m', 'second');

  const { repository } = await world.capture(top);

  expect(repository.dirty).toBe(true);
  expect(repository.nested[0]?.dirty).toBe(false);
  expect(repository.changedPaths).toEqual([{ path: 'modules/library', status: ' M' }]);
});

test('embedded repositories that are no submodules are kept, also without a commit, also in each other', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  world.repository('trainer/LyCORIS', { 'lycoris.py': 'x' });
  world.repository('trainer/LyCORIS/inner', { 'deep.py': 'y' });
  mkdirSync(join(top, 'unborn dir'));
  world.git(join(top, 'unborn dir'), 'init', '-q');
  world.write(join(top, 'unborn dir/u.py'), 'z');

  const captured = await world.capture(top);

  expect(tree(await world.restored(captured))).toEqual(tree(top));
  expect(captured.repository.nested.map(({ path, submodule }) => ({ path, submodule }))).toEqual([
    { path: 'LyCORIS', submodule: false },
    { path: 'LyCORIS/inner', submodule: false },
    { path: 'unborn dir', submodule: false },
  ]);
  expect(captured.warnings.map(({ code }) => code)).toEqual(['unborn-head']);
});

test('a submodule whose repository is gone keeps its files', async () => {
  const world = codeWorld();
  const top = withSubmodule(world);
  rmSync(join(top, '.git/modules'), { recursive: true });

  const captured = await world.capture(top);

  expect(captured.warnings.map(({ code }) => code)).toContain('corrupt-repository');
  expect(tree(await world.restored(captured))).toEqual(tree(top));
});

test('a submodule that was never checked out is passed over', async () => {
  const world = codeWorld();
  withSubmodule(world);
  world.git(world.root, 'clone', '-q', world.at('trainer'), 'clone');

  const captured = await world.capture(world.at('clone'));

  expect(captured.warnings).toEqual([]);
  expect(captured.repository.dirty).toBe(false);
  expect(captured.repository.nested).toEqual([]);
});

test('a nested .git file that points to a foreign repository draws nothing of it into the record', async () => {
  const world = codeWorld();
  const secret = world.repository('private', { 'diary.txt': 'dear diary' });
  const top = world.repository('trainer');
  world.write(join(top, 'sub/.git'), `gitdir: ${join(secret, '.git')}\n`);
  world.write(join(top, 'sub/a.py'), 'a');

  const captured = await world.capture(top);

  expect(captured.repository.nested[0]).toMatchObject({ path: 'sub', head: null });
  expect(captured.later.filter(({ kind }) => kind === 'history')).toHaveLength(1);
  expect(tree(await world.restored(captured))).toEqual(tree(top));
});

test('a path in a submodule finds the submodule and its parent, each once', async () => {
  const world = codeWorld();
  const top = withSubmodule(world);
  const found = findRepositories(
    [
      { path: join(top, 'modules/library/lib.py'), roles: ['trainer'] },
      { path: join(top, 'train.py'), roles: ['script'] },
      { path: join(top, 'missing.py'), roles: ['script'] },
    ],
    world.env.HOME!,
  );
  expect(found).toEqual([
    { name: 'library', path: join(top, 'modules/library'), kind: 'git', roles: ['trainer'] },
    { name: 'trainer', path: top, kind: 'git', roles: ['trainer', 'script'] },
  ]);
});

test('repositories of one base name have different names', async () => {
  const world = codeWorld();
  const paths = ['a/scripts', 'b/scripts', 'c/scripts~2', 'd/scripts'].map((name) => world.repository(name));
  const found = findRepositories(
    paths.map((path) => ({ path, roles: [] })),
    null,
  );
  expect(found.map(({ name }) => name)).toEqual(['scripts', 'scripts~2', 'scripts~2~2', 'scripts~3']);
});

test('a linked work tree is its own repository', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  world.git(top, 'worktree', 'add', '-q', '-b', 'try', world.at('linked'));
  world.write(world.at('linked/train.py'), 'other\n');

  const captured = await world.capture(world.at('linked'));

  expect(captured.repository).toMatchObject({ branch: 'try', dirty: true, kind: 'git' });
  expect(captured.warnings.map(({ code }) => code)).toEqual(['linked-worktree']);
  expect(tree(await world.restored(captured))).toEqual(tree(world.at('linked')));
});

test('a repository that was moved away from its linked work tree leaves the files kept', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  world.git(top, 'worktree', 'add', '-q', '-b', 'try', world.at('linked'));
  renameSync(top, world.at('moved'));
  appendFileSync(world.at('linked/train.py'), 'more');

  const captured = await world.capture(world.at('linked'));

  expect(captured.warnings.map(({ code }) => code)).toEqual(['corrupt-repository']);
  expect(tree(await world.restored(captured))).toEqual(tree(world.at('linked')));
});
