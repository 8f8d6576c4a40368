import { cpSync, existsSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSnapshotDurable } from '../../src/store/code/durable-snapshot.ts';
import { keepHistory } from '../../src/store/code/history.ts';
import { materialise } from '../../src/store/code/materialise.ts';
import { verifyCode } from '../../src/store/code/verify.ts';
import { type CodeWorld, codeWorld, stamps, tree } from './world.ts';

function commits(world: CodeWorld, top: string, ...names: string[]): string {
  for (const name of names) {
    world.write(join(top, 'train.py'), name);
    world.git(top, 'commit', '-qam', name);
  }
  return world.git(top, 'rev-parse', 'HEAD').trim();
}

async function recorded(world: CodeWorld, top: string, run: string) {
  const captured = await world.capture(top, { run });
  const { code, snapshot, head } = captured.repository;
  const own = world.port.named(code!);
  await makeSnapshotDurable(world.port, code!, run, snapshot!);
  const kept = await keepHistory(world.port.git, own.gitDirectory, { gitDirectory: join(top, '.git'), head: head! });
  return { captured, own, kept, head: head! };
}

test('code and its history survive the deletion of the repository', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  commits(world, top, 'second', 'third');
  world.git(top, 'gc', '-q');
  commits(world, top, 'fourth');
  world.write(join(top, 'train.py'), 'uncommitted');
  const log = world.git(top, 'log', '--format=%H %an %s');
  const before = stamps(top);

  const { captured, own, kept, head } = await recorded(world, top, 'R');

  expect(kept).toEqual({ kept: true, missing: 0 });
  expect(stamps(top)).toEqual(before);
  const expected = tree(top);
  rmSync(top, { recursive: true });
  expect(world.git(own.gitDirectory, 'log', '--format=%H %an %s', head)).toBe(log);
  expect(world.git(own.gitDirectory, 'show', `${head}~1:train.py`)).toBe('third');
  expect(tree(await world.restored(captured))).toEqual(expected);
  expect(world.git(own.gitDirectory, 'fsck', '--full', '--strict').trim()).not.toMatch(/missing|corrupt/);
});

test('what is kept already is not copied again', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'train.py': '1', 'large.bin': 'x'.repeat(100_000) });
  const first = await recorded(world, top, 'A');
  const packs = () =>
    readdirSync(join(first.own.gitDirectory, 'objects/pack')).filter((name) => name.endsWith('.pack'));
  const before = packs();
  await recorded(world, top, 'B');
  expect(packs()).toEqual(before);
  commits(world, top, 'second');
  await recorded(world, top, 'C');
  const added = packs().filter((name) => !before.includes(name));
  expect(added).toHaveLength(1);
  expect(statSync(join(first.own.gitDirectory, 'objects/pack', added[0]!)).size).toBeLessThan(2000);
  const heads = world.git(first.own.gitDirectory, 'for-each-ref', '--format=%(refname)', 'refs/spoor/history');
  expect(heads.trim().split('\n')).toHaveLength(2);
});

test('a kept head whose pack was lost is kept anew', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  const { own } = await recorded(world, top, 'A');
  for (const name of readdirSync(join(own.gitDirectory, 'objects/pack')))
    rmSync(join(own.gitDirectory, 'objects/pack', name));
  const head = commits(world, top, 'second');
  expect((await recorded(world, top, 'B')).kept).toEqual({ kept: true, missing: 0 });
  expect(world.git(own.gitDirectory, 'log', '--format=%s', head)).toBe('second\nfirst\n');
});

test('the history of shallow and partial clones is kept as far as it is there', async () => {
  const world = codeWorld();
  const origin = world.repository('origin');
  commits(world, origin, 'second', 'third', 'fourth');
  world.git(origin, 'config', 'uploadpack.allowFilter', 'true');
  world.git(world.root, 'clone', '-q', '--depth=2', `file://${origin}`, 'shallow');
  world.git(world.root, 'clone', '-q', '--filter=blob:none', `file://${origin}`, 'partial');

  const shallow = await recorded(world, world.at('shallow'), 'A');
  expect(shallow.kept).toEqual({ kept: true, missing: 0 });
  expect(world.git(shallow.own.gitDirectory, 'log', '--format=%s', shallow.head)).toBe('fourth\nthird\n');

  const partial = await recorded(world, world.at('partial'), 'B');
  expect(partial.kept).toEqual({ kept: true, missing: 3 });
  expect(world.git(partial.own.gitDirectory, 'log', '--format=%s', partial.head)).toBe(
    'fourth\nthird\nsecond\nfirst\n',
  );

  world.git(world.at('shallow'), 'fetch', '-q', '--unshallow');
  const head = commits(world, world.at('shallow'), 'fifth');
  await recorded(world, world.at('shallow'), 'C');
  const log = world.git(shallow.own.gitDirectory, 'log', '--format=%s', head);
  expect(log).toBe('fifth\nfourth\nthird\nsecond\nfirst\n');
});

test('a head that is not there, or a repository that is gone, is a reason and no failure', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  const own = await world.port.open(top, 'sha1');
  const keep = (gitDirectory: string, head: string) =>
    keepHistory(world.port.git, own.gitDirectory, { gitDirectory, head });
  expect(await keep(join(top, '.git'), 'a'.repeat(40))).toMatchObject({ kept: false, reason: expect.any(String) });
  expect(await keep(world.at('nowhere'), 'a'.repeat(40))).toMatchObject({ kept: false });
});

test('a path that git would split or unquote is read', async () => {
  const world = codeWorld();
  const top = world.repository('odd: "name"\nhere\\', { 'train.py': '1' });
  expect((await recorded(world, top, 'A')).kept).toEqual({ kept: true, missing: 0 });
});

test('objects that a power failure emptied are found before the snapshot is called durable, and written again', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': 'a', 'b.py': 'b' });
  const first = await world.capture(top, { run: 'A' });
  const { code, snapshot } = first.repository;
  const own = world.port.named(code!);
  const blob = world.git(top, 'rev-parse', 'HEAD:a.py').trim();
  truncateSync2(join(own.gitDirectory, 'objects', blob.slice(0, 2), blob.slice(2)));

  expect(await makeSnapshotDurable(world.port, code!, 'A', snapshot!)).toMatchObject({
    durable: false,
    damaged: [blob],
  });
  expect(existsSync(join(own.gitDirectory, 'refs/spoor/runs/A'))).toBe(false);

  const second = await world.capture(top, { run: 'B' });
  expect(await makeSnapshotDurable(world.port, code!, 'B', second.repository.snapshot!)).toEqual({ durable: true });
  expect(tree(await world.restored(second))).toEqual(tree(top));
});

/** Git's objects are read-only. */
function truncateSync2(path: string): void {
  rmSync(path);
  writeFileSync(path, '');
  truncateSync(path, 0);
}

test('verifying finds a changed and a missing object, and nothing in a sound repository', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': 'a', 'b.py': 'b' });
  const { own } = await recorded(world, top, 'A');
  const verify = () => verifyCode(world.port.git, own, { milliseconds: 60_000 });
  expect(await verify()).toEqual({ incomplete: [], corrupt: [], complete: true });

  for (const name of readdirSync(join(own.gitDirectory, 'objects/pack')))
    rmSync(join(own.gitDirectory, 'objects/pack', name));
  const [a, b] = ['a.py', 'b.py'].map((name) => world.git(top, 'rev-parse', `HEAD:${name}`).trim()) as [string, string];
  const path = (object: string) => join(own.gitDirectory, 'objects', object.slice(0, 2), object.slice(2));
  rmSync(path(a));
  expect((await verify()).incomplete).toEqual([{ run: 'A', missing: 1 }]);
  rmSync(path(b));
  writeFileSync(path(b), 'garbage');
  expect((await verify()).corrupt.join('\n')).toContain(b);
});

test('copying the files of two homes into each other, twice, merges them', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  const first = await recorded(world, top, 'A');
  cpSync(world.at('home'), world.at('other'), { recursive: true });
  commits(world, top, 'second');
  const second = await recorded(world, top, 'B');
  for (let i = 0; i < 2; i++) {
    cpSync(world.at('other/code'), world.at('home/code'), { recursive: true, force: false });
    cpSync(world.at('home/code'), world.at('other/code'), { recursive: true, force: false });
  }
  expect(await verifyCode(world.port.git, first.own, { milliseconds: 60_000 })).toEqual({
    incomplete: [],
    corrupt: [],
    complete: true,
  });
  expect(tree(await world.restored(second.captured))).toEqual(tree(top));
});

test('a snapshot is not written over what is there', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  const { captured, own } = await recorded(world, top, 'A');
  await expect(materialise(world.port, own, captured.repository.snapshot!, top)).rejects.toMatchObject({
    code: 'directory-not-empty',
  });
  await expect(materialise(world.port, own, 'f'.repeat(40), world.at('new'))).rejects.toMatchObject({
    code: 'snapshot-missing',
  });
});

test('a name of a code repository cannot lead out of its directory', () => {
  const world = codeWorld();
  for (const name of ['../x', 'a/b', '..', '', '-x', 'a\0b']) expect(() => world.port.named(name)).toThrow(/no name/);
});
