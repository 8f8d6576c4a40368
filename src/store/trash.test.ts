import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { copyTree, sameTree } from './copy-tree.ts';
import { temporaryDirectory } from './test-home.ts';
import { Trash, type TrashEvent } from './trash.ts';
import type { TrashManifest } from './trash-entry.ts';

const id = '01KAN6XJ3M4Y5Z6A7B8C9D0E1F';
const far = statSync('/dev/shm', { throwIfNoEntry: false });
const isFar = far !== undefined && far.dev !== statSync('/tmp').dev;
/** A directory on another file system. */
const elsewhere = () => {
  const directory = mkdtempSync('/dev/shm/spoor-store-');
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};
const places: [string, () => string][] = [['on one file system', temporaryDirectory]];
if (isFar) places.push(['across file systems', elsewhere]);

function subject(at: string) {
  const home = temporaryDirectory();
  const told: [TrashEvent, string][] = [];
  const held = new Set<string>();
  const trash = new Trash({
    directory: join(home, 'trash'),
    lock: async (path) => {
      if (held.has(path)) return null;
      held.add(path);
      return { release: async () => void held.delete(path) };
    },
    told: async (event, entry) => void told.push([event, entry.id]),
  });
  const from = join(at, 'wolf');
  mkdirSync(join(from, 'sample'), { recursive: true });
  writeFileSync(join(from, 'config.toml'), 'seed = 1\n', { mode: 0o640 });
  symlinkSync('/nowhere', join(from, 'link'));
  const manifest: TrashManifest = {
    version: 1,
    kind: 'output',
    run: id,
    name: 'wolf',
    from,
    at: '2026-11-23T20:00:00.000Z',
    host: 'lair',
    reason: 'the run failed',
    files: 2,
    bytes: 9,
  };
  return { trash, told, held, from, manifest, directory: join(home, 'trash') };
}

describe.each(places)('%s', (_, place) => {
  test('what is put into the trash lies there as it was, and comes back as it was', async () => {
    const { trash, told, from, manifest, directory } = subject(place());
    const mode = statSync(join(from, 'config.toml')).mode;
    const entry = await trash.put(id, manifest, async (at) => existsSync(join(at, 'config.toml')) && !existsSync(from));
    expect(entry).toMatchObject({ ...manifest, id: `${id}.output`, content: join(directory, `${id}.output/content`) });
    expect(existsSync(from)).toBe(false);
    expect(await trash.list()).toEqual([entry]);
    expect(readdirSync(entry?.content ?? '').sort()).toEqual(['config.toml', 'link', 'sample']);
    if (entry) await trash.restore(entry);
    expect(await trash.list()).toEqual([]);
    expect([readFileSync(join(from, 'config.toml'), 'utf8'), statSync(join(from, 'config.toml')).mode]).toEqual([
      'seed = 1\n',
      mode,
    ]);
    expect(lstatSync(join(from, 'link')).isSymbolicLink()).toBe(true);
    expect(told.map(([event]) => event)).toEqual(['removed', 'restored']);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('what changed meanwhile is put back, and no entry is left', async () => {
    const { trash, told, from, manifest, directory } = subject(place());
    const written = async (at: string) => {
      writeFileSync(join(at, 'new.txt'), 'new');
      return false;
    };
    expect(await trash.put(id, manifest, written)).toBeNull();
    expect(readdirSync(from).sort()).toEqual(['config.toml', 'link', 'new.txt', 'sample']);
    expect([told, readdirSync(directory), readdirSync(join(from, '..'))]).toEqual([[], [], ['wolf']]);
  });

  test('nothing that stands in the way is touched by restoring', async () => {
    const { trash, from, manifest } = subject(place());
    const entry = await trash.put(id, manifest, async () => true);
    mkdirSync(from);
    await expect(trash.restore(entry as never)).rejects.toMatchObject({ code: 'in-the-way' });
    expect([readdirSync(from), (await trash.list()).length]).toEqual([[], 1]);
  });
});

test('a directory that is removed again has an entry of its own', async () => {
  const { trash, from, manifest } = subject(temporaryDirectory());
  await trash.put(id, manifest, async () => true);
  mkdirSync(from);
  await trash.put(id, manifest, async () => true);
  expect((await trash.list()).map((entry) => entry.id)).toEqual([`${id}.output`, `${id}.output.2`]);
});

test('what another process is at is left to it', async () => {
  const { trash, held, from, manifest, directory } = subject(temporaryDirectory());
  held.add(join(directory, `${id}.output.lock`));
  await expect(trash.put(id, manifest, async () => true)).rejects.toMatchObject({ code: 'trash-busy' });
  expect(existsSync(join(from, 'config.toml'))).toBe(true);
  mkdirSync(join(directory, `${id}.output.moving`));
  await trash.settle();
  expect(readdirSync(directory)).toEqual([`${id}.output.moving`]);
  held.clear();
  await trash.settle();
  expect(readdirSync(directory)).toEqual([]);
});

test('what cannot be moved stands where it was', async () => {
  const { trash, from, manifest, directory } = subject(temporaryDirectory());
  const gone = { ...manifest, from: `${from}-gone` };
  await expect(trash.put(id, gone, async () => true)).rejects.toMatchObject({ code: 'cannot-write' });
  expect(readdirSync(directory)).toEqual([]);
});

test('an entry that is none, or of a newer Spoor, is passed over', async () => {
  const { trash, manifest, directory } = subject(temporaryDirectory());
  mkdirSync(join(directory, `${id}.output`), { recursive: true });
  mkdirSync(join(directory, 'notes'));
  expect(await trash.list()).toEqual([]);
  writeFileSync(join(directory, `${id}.output/manifest.json`), JSON.stringify({ ...manifest, version: 2 }));
  expect(await trash.list()).toEqual([]);
});

test('a copied tree is the same, whatever its names, and one changed byte makes it another', async () => {
  const root = temporaryDirectory();
  const [from, to] = [join(root, 'from'), join(root, 'to')];
  mkdirSync(join(from, 'a\nb', 'c'), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(`${from}/`), Buffer.from([0xff, 0xfe])]), 'bytes');
  writeFileSync(join(from, 'a\nb', 'x'), 'x');
  symlinkSync('.', join(from, 'loop'));
  await copyTree(from, to);
  expect(await sameTree(from, to)).toBe(true);
  writeFileSync(join(to, 'a\nb', 'x'), 'y');
  expect(await sameTree(from, to)).toBe(false);
  expect(await sameTree(from, join(root, 'nowhere'))).toBe(false);
  await expect(copyTree(from, to)).rejects.toThrow('EEXIST');
});
