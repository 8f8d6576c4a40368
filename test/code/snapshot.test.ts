import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSnapshotDurable } from '../../src/store/code/durable-snapshot.ts';
import { codeWorld, stamps, tree } from './world.ts';

const binary = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 256);

test('a snapshot holds staged, unstaged, untracked, binary, executable, linked, deleted and renamed files byte for byte', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', {
    'staged.py': 'a\n',
    'unstaged.py': 'a\n',
    'both.py': 'a\n',
    'deleted.py': 'a\n',
    'removed.py': 'a\n',
    'old-name.py': 'unchanged content\n',
    'data.bin': binary,
    'run.sh': '#!/bin/sh\n',
  });
  world.write(join(top, 'staged.py'), 'b\n');
  world.write(join(top, 'both.py'), 'b\n');
  world.git(top, 'add', 'staged.py', 'both.py');
  world.write(join(top, 'both.py'), 'c\n');
  world.write(join(top, 'unstaged.py'), 'b\n');
  world.write(join(top, 'untracked.py'), 'new\n');
  world.write(join(top, 'deep/er/image.png'), binary);
  world.git(top, 'mv', 'old-name.py', 'new-name.py');
  world.git(top, 'rm', '-q', 'removed.py');
  rmSync(join(top, 'deleted.py'));
  chmodSync(join(top, 'run.sh'), 0o755);
  symlinkSync('staged.py', join(top, 'link'));
  symlinkSync('/nowhere/at all', join(top, 'broken-link'));
  symlinkSync('deep', join(top, 'link-to-directory'));

  const captured = await world.capture(top);

  expect(captured.warnings).toEqual([]);
  expect(tree(await world.restored(captured))).toEqual(tree(top));
  const { repository } = captured;
  expect(repository.changes).toEqual({ staged: 4, unstaged: 4, untracked: 5, ignoredKept: 0 });
  expect(repository.dirty).toBe(true);
  const status = Object.fromEntries(repository.changedPaths.map((each) => [each.path, each.status]));
  expect(status).toEqual({
    'staged.py': 'M ',
    'unstaged.py': ' M',
    'both.py': 'MM',
    'deleted.py': ' D',
    'removed.py': 'D ',
    'new-name.py': 'R ',
    'run.sh': ' M',
    'untracked.py': '??',
    'deep/er/image.png': '??',
    link: '??',
    'broken-link': '??',
    'link-to-directory': '??',
  });
});

test('names with spaces, quotes, newlines and bytes that are no UTF-8 are kept', async () => {
  const world = codeWorld();
  const top = world.repository('odd names', {
    'with space "and" quotes\'.py': '1',
    'new\nline.py': '2',
    'tab\t.py': '3',
  });
  world.write(Buffer.concat([Buffer.from(`${top}/latin-`), Buffer.from([0xe9, 0xff]), Buffer.from('.py')]), 'e acute');
  world.write(join(top, ' leading'), 'x');
  world.write(join(top, '-dash'), 'x');
  world.write(join(top, ':(glob)magic*'), 'x');
  world.write(join(top, 'back\\slash'), 'x');
  world.write(join(top, '狼.py'), 'wolf');

  const captured = await world.capture(top);

  expect(captured.warnings).toEqual([]);
  expect(tree(await world.restored(captured))).toEqual(tree(top));
  const paths = captured.repository.changedPaths.map(({ path }) => path);
  expect(paths).toContain('latin-\\xe9\\xff.py');
  expect(paths).toContain('狼.py');
});

test('line endings, LFS, ident, encodings and other conversions change no byte', async () => {
  const world = codeWorld();
  const top = world.repository('filters', { 'plain.txt': 'a\n' });
  world.git(top, 'config', 'core.autocrlf', 'true');
  world.git(top, 'config', 'core.eol', 'crlf');
  world.git(top, 'config', 'core.safecrlf', 'true');
  world.write(
    join(top, '.gitattributes'),
    '*.txt text eol=crlf\n*.lfs filter=lfs diff=lfs merge=lfs -text\n*.id ident\n*.u16 working-tree-encoding=UTF-16\n[attr]bin -text\n*.x bin export-ignore export-subst\n',
  );
  world.write(join(top, 'mixed.txt'), 'a\r\nb\nc\r\n');
  world.write(join(top, 'model.lfs'), binary);
  world.write(join(top, 'version.id'), '$Id$ $Id: 1234 $\n');
  world.write(join(top, 'wide.u16'), Buffer.from('\ufeffwolf\n', 'utf16le'));
  world.write(join(top, 'hidden.x'), '$Format:%H$\r\n');

  const captured = await world.capture(top);

  expect(captured.warnings).toEqual([]);
  expect(tree(await world.restored(captured))).toEqual(tree(top));
});

test('nothing of the user is touched, not even a time stamp', async () => {
  const world = codeWorld();
  const inner = world.repository('library', { 'lib.py': 'x\n' });
  const top = world.repository('trainer', { 'train.py': 'a\n', 'other.py': 'b\n' });
  world.git(top, 'submodule', 'add', '-q', inner, 'library');
  world.git(top, 'commit', '-q', '-m', 'submodule');
  world.git(top, 'tag', 'v1');
  world.git(top, 'repack', '-adq');
  world.git(top, 'stash', 'list');
  world.write(join(top, 'train.py'), 'changed\n');
  world.git(top, 'update-index', '--split-index');
  // Dirty by its stat data only: git would like to refresh the index.
  utimesSync(join(top, 'other.py'), 1_700_000_000, 1_700_000_000);
  world.write(join(top, 'library/lib.py'), 'changed\n');
  const before = stamps(top);

  const captured = await world.capture(top);
  const { code, snapshot } = captured.repository;
  await makeSnapshotDurable(world.port, code!, 'R1', snapshot!);

  expect(stamps(top)).toEqual(before);
  expect(tree(await world.restored(captured))).toEqual(tree(top));
});

test('equal states give equal commits, and each change another', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', 'b/c.py': '2', 'd.py': '3' });
  const state = async () => (await world.capture(top)).repository.snapshot;
  const first = await state();
  expect(await state()).toBe(first);
  world.write(join(top, 'b/c.py'), '3');
  const changed = await state();
  expect(changed).not.toBe(first);
  world.write(join(top, 'b/c.py'), '2');
  expect(await state()).toBe(first);
});

test('what was removed since the last run is not in the next snapshot, also where a directory took its place', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', 'b/c.py': '2', d: 'file', '.gitignore': 'late.log\n' });
  world.write(join(top, 'late.bin'), 'x');
  const first = await world.capture(top, { run: 'A' });
  await makeSnapshotDurable(world.port, first.repository.code!, 'A', first.repository.snapshot!);
  rmSync(join(top, 'b'), { recursive: true });
  world.write(join(top, 'b'), 'now a file');
  rmSync(join(top, 'd'));
  world.write(join(top, 'd/e.py'), 'now a directory');
  world.write(join(top, '.gitignore'), 'late.*\n');

  const second = await world.capture(top, { run: 'B' });

  const expected = tree(top);
  delete expected['late.bin'];
  expect(tree(await world.restored(second))).toEqual(expected);
});

test('a file rewritten with equal size and time between two runs is noticed', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'train.py': 'lr = 1\n' });
  utimesSync(join(top, 'train.py'), 1_700_000_000, 1_700_000_000);
  const first = await world.capture(top, { run: 'A' });
  await makeSnapshotDurable(world.port, first.repository.code!, 'A', first.repository.snapshot!);
  world.write(join(top, 'train.py'), 'lr = 2\n');
  utimesSync(join(top, 'train.py'), 1_700_000_000, 1_700_000_000);

  const second = await world.capture(top, { run: 'B' });

  expect(tree(await world.restored(second))['train.py']).toBe('- lr = 2\n');
});

test('a tracked path behind a symbolic link that replaced its directory is not followed', async () => {
  const world = codeWorld();
  world.write(world.at('outside/a.py'), 'outside');
  const top = world.repository('trainer', { 'lib/a.py': 'inside' });
  renameSync(join(top, 'lib'), world.at('away'));
  symlinkSync(world.at('outside'), join(top, 'lib'));

  const captured = await world.capture(top);

  expect(captured.warnings).toEqual([]);
  expect(tree(await world.restored(captured))).toEqual({ lib: `-> ${world.at('outside')}` });
});

test('32 runs take snapshots of one repository at once', async () => {
  const world = codeWorld();
  const top = world.repository(
    'trainer',
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.py`, `${i}`])),
  );
  world.write(join(top, 'untracked.py'), 'x');
  const all = await Promise.all(Array.from({ length: 32 }, () => world.capture(top)));
  expect(new Set(all.map(({ repository }) => repository.snapshot)).size).toBe(1);
  expect(all[0]!.repository.snapshot).not.toBeNull();
  expect(all.flatMap(({ warnings }) => warnings)).toEqual([]);
  const kept = await Promise.all(
    all.map(({ repository }, i) => makeSnapshotDurable(world.port, repository.code!, `R${i}`, repository.snapshot!)),
  );
  expect(kept.every(({ durable }) => durable)).toBe(true);
  expect(tree(await world.restored(all[31]!))).toEqual(tree(top));
});

test('an empty work tree has a snapshot', async () => {
  const world = codeWorld();
  const top = world.repository('empty', {});
  mkdirSync(join(top, 'nothing'));
  const captured = await world.capture(top);
  expect(captured.warnings).toEqual([]);
  expect(tree(await world.restored(captured))).toEqual({});
});
