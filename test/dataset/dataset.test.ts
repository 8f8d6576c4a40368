/** Datasets as they are found on disks, from before launch to the final manifest, with the real stores. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishDataset } from '../../src/capture/dataset/finish.ts';
import { type DatasetRequest, scanDataset } from '../../src/capture/dataset/scan.ts';
import type { DatasetState, Told } from '../../src/model/facts.ts';
import { hashCaches } from '../../src/store/hash-cache.ts';
import { DiskObjects } from '../../src/store/objects/disk.ts';
import type { NamedDataset } from '../../src/trainers/trainer.ts';
import { permissionsBind } from '../support/rights.ts';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

let world: string;
let root: string;
let objects: DiskObjects;
beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), 'spoor-dataset-'));
  root = join(world, 'data');
  mkdirSync(root);
  mkdirSync(join(world, 'cache'));
  mkdirSync(join(world, 'objects'));
  objects = new DiskObjects(join(world, 'objects'));
});
afterEach(() => rmSync(world, { recursive: true, force: true }));

/** Files written long ago, so that their stamps are trusted. */
function write(files: Record<string, string>, base = root): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), content);
  }
}

/** The kernel's clock must have moved on before a stamp is trusted. */
async function settle(): Promise<void> {
  const probe = join(world, 'probe');
  writeFileSync(probe, '');
  const { mtimeMs } = lstatSync(probe);
  while (Date.now() < mtimeMs + 25) await new Promise((next) => setImmediate(next));
}

const dataset = (change: Partial<NamedDataset> = {}): NamedDataset => ({
  path: root,
  kind: 'train',
  layout: 'flat',
  repeats: null,
  classTokens: null,
  captionExtension: null,
  ...change,
});

interface Recorded {
  dataset: DatasetState;
  warnings: string[];
  /** Whether something was left for after launch. */
  later: boolean;
  blobs: number;
  manifest: { path: string; kind: string; sha256: string | null; object: string | null; bytes: number }[];
}

async function record(change: Partial<DatasetRequest> = {}, meanwhile: () => void = () => {}): Promise<Recorded> {
  const caches = hashCaches(join(world, 'cache'));
  const scanned = await scanDataset({ roots: [dataset()], objects, caches, ...change });
  meanwhile();
  await objects.putAll(scanned.blobs);
  let state = (scanned.facts[0] as Extract<Told, { type: 'dataset' }>).dataset;
  const warnings = scanned.warnings.map(({ code }) => code);
  for (const work of scanned.later) {
    if (work.kind !== 'dataset') throw new Error(work.kind);
    const finished = await finishDataset({ work: JSON.parse(JSON.stringify(work)), objects, caches });
    state = finished.dataset;
    warnings.push(...finished.warnings.map(({ code }) => code));
  }
  const text = Buffer.from(await objects.get(state.manifest!)).toString();
  const manifest = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { dataset: state, warnings, later: scanned.later.length > 0, blobs: scanned.blobs.length, manifest };
}

describe('a dataset', () => {
  it('is recorded with every image and caption: name, size, hash and bytes', async () => {
    write({ '1.png': 'image one', '1.txt': 'a cat', '2.JPG': 'image two', '2.caption': 'a wolf' });
    const { dataset: found, manifest, warnings } = await record();
    expect(warnings).toEqual([]);
    expect(found).toMatchObject({
      files: 4,
      images: 2,
      captions: 2,
      imagesKept: 2,
      omitted: [],
      omittedMore: 0,
      bytes: 29,
    });
    expect(manifest).toEqual(
      [
        ['1.png', 'image', 'image one'],
        ['1.txt', 'caption', 'a cat'],
        ['2.JPG', 'image', 'image two'],
        ['2.caption', 'caption', 'a wolf'],
      ].map(([path, kind, content]) => ({
        root: 0,
        path,
        kind,
        bytes: content!.length,
        sha256: sha256(content!),
        object: sha256(content!),
      })),
    );
    for (const { object } of manifest) expect(await objects.verify(object!)).toBe('ok');
    const lines = manifest.map((file) => `0 ${file.sha256} ${file.bytes} "${file.path}"\n`).join('');
    expect(found.sha256).toBe(sha256(lines));
  });

  it('may have 100,000 files', async () => {
    // In memory where there is a place for that: many a disk takes a minute to make so many files.
    const many = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'spoor-dataset-'));
    try {
      const script = 'for i in range(50_000): open(f"{i}.png", "x").close(); open(f"{i}.txt", "x").close()';
      execFileSync('python3', ['-c', script], { cwd: many });
      const caches = hashCaches(join(world, 'cache'));
      const scanned = await scanDataset({ roots: [dataset({ path: many })], objects, caches });
      expect(scanned.warnings).toEqual([]);
      expect(scanned.later).toMatchObject([{ dataset: { files: 100_000, images: 50_000, captions: 50_000 } }]);
    } finally {
      rmSync(many, { recursive: true });
    }
  });

  it('has a digest that does not depend on where it lies', async () => {
    write({ '1.png': 'image', '1.txt': 'cat' });
    const before = await record();
    const moved = join(world, 'elsewhere');
    renameSync(root, moved);
    const after = await record({ roots: [dataset({ path: moved })] });
    expect(after.dataset.sha256).toBe(before.dataset.sha256);
    expect(after.dataset.manifest).toBe(before.dataset.manifest);
  });

  it('reads nothing again when nothing changed', async () => {
    write({ '1.png': 'image', '1.txt': 'cat' });
    await settle();
    const first = await record();
    const second = await record();
    expect(second).toMatchObject({ later: false, blobs: 0, warnings: [] });
    expect(second.dataset).toEqual(first.dataset);
  });

  it.each<[string, () => void]>([
    ['an image cropped in place', () => writeFileSync(join(root, '1.png'), 'cropped')],
    ['a caption edited', () => writeFileSync(join(root, '1.txt'), 'a wolf')],
    ['a caption added', () => writeFileSync(join(root, '2.txt'), 'new')],
    ['a caption removed', () => rmSync(join(root, '1.txt'))],
    ['an image added', () => writeFileSync(join(root, '3.png'), 'three')],
    ['an image removed', () => rmSync(join(root, '2.png'))],
    ['an image renamed', () => renameSync(join(root, '2.png'), join(root, '4.png'))],
  ])('tells %s', async (_, change) => {
    write({ '1.png': 'image', '1.txt': 'cat', '2.png': 'other' });
    await settle();
    const first = await record();
    change();
    await settle();
    const second = await record();
    expect(second.dataset.sha256).not.toBe(first.dataset.sha256);
    expect(second.dataset.sha256).not.toBeNull();
    for (const { object } of second.manifest) expect(await objects.verify(object!)).toBe('ok');
    expect(await record()).toMatchObject({ later: false, blobs: 0 });
    // The version before is not lost.
    for (const { object } of first.manifest) expect(await objects.verify(object!)).toBe('ok');
  });

  it('reads only what is new, however many files stood there before', async () => {
    write(Object.fromEntries(Array.from({ length: 1_100 }, (_, index) => [`${index}.png`, `image ${index}`])));
    await settle();
    await record();
    write({ 'new.png': 'one more' });
    await settle();
    expect((await record()).later).toBe(true);
    expect((await record()).later).toBe(false);
  });

  it('tells a file rewritten with the same size and the same mtime', async () => {
    write({ '1.png': 'image', '1.txt': 'cat' });
    await settle();
    const first = await record();
    for (const [name, content] of [
      ['1.png', 'IMAGE'],
      ['1.txt', 'dog'],
    ] as const) {
      const { atime, mtime } = lstatSync(join(root, name));
      writeFileSync(join(root, name), content);
      utimesSync(join(root, name), atime, mtime);
    }
    const second = await record();
    expect(second.manifest.map((file) => file.sha256)).toEqual([sha256('IMAGE'), sha256('dog')]);
    expect(second.dataset.sha256).not.toBe(first.dataset.sha256);
  });

  it('keeps images up to the limit and hashes the others', async () => {
    write({ '1.png': 'x'.repeat(60), '2.png': 'y'.repeat(60), '3.png': 'x'.repeat(60) });
    await settle();
    const found = await record({ keepBytes: 100 });
    expect(found.dataset.sha256).not.toBeNull();
    expect(found.manifest.map(({ object }) => object !== null)).toContain(false);
    expect(found.dataset.imagesKept).toBeGreaterThan(0);
    expect(found.warnings).toEqual(['images-over-limit']);
    const more = await record({ keepBytes: 1_000 });
    expect(more.dataset.imagesKept).toBe(3);
    expect(more.dataset.sha256).toBe(found.dataset.sha256);
  });

  it('says which images changed after the start, and claims no hash for them', async () => {
    write({ '1.png': 'image', '2.png': 'other', '3.png': 'third' });
    const found = await record({}, () => {
      appendFileSync(join(root, '1.png'), ' edited');
      rmSync(join(root, '2.png'));
    });
    expect(found.warnings).toEqual(['dataset-changed']);
    expect(found.manifest.map((file) => file.sha256)).toEqual([null, null, sha256('third')]);
    expect(found.dataset.sha256).toBeNull();
  });

  it('keeps captions as they stood at launch, whatever becomes of them', async () => {
    write({ '1.png': 'image', '1.txt': 'cat' });
    const found = await record({}, () => writeFileSync(join(root, '1.txt'), 'dog'));
    expect(Buffer.from(await objects.get(found.manifest[1]!.object!)).toString()).toBe('cat');
    expect(found.warnings).toEqual([]);
  });

  it('comes out the same when it is finished again after a crash', async () => {
    write(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}.png`, `image ${index}`])));
    const caches = hashCaches(join(world, 'cache'));
    const scanned = await scanDataset({ roots: [dataset()], objects, caches });
    await objects.putAll(scanned.blobs);
    const work = scanned.later[0] as Extract<(typeof scanned.later)[0], { kind: 'dataset' }>;
    // Half of it was done when the power went.
    for (let index = 0; index < 10; index++) await objects.putFile(join(root, `${index}.png`));
    const once = await finishDataset({ work, objects, caches });
    expect(await finishDataset({ work, objects, caches })).toEqual(once);
    expect(once.dataset.imagesKept).toBe(20);
  });

  it('is read anew when the store lost what the cache remembers', async () => {
    write({ '1.png': 'image', '1.txt': 'cat' });
    await settle();
    await record();
    rmSync(join(world, 'objects'), { recursive: true });
    mkdirSync(join(world, 'objects'));
    objects = new DiskObjects(join(world, 'objects'));
    const again = await record();
    for (const { object } of again.manifest) expect(await objects.verify(object!)).toBe('ok');
  });

  it('is never written to: names, contents and mtimes stay', async () => {
    write({ '10_cat/1.png': 'image', '10_cat/1.txt': 'cat' });
    const look = () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .sort()
        .map((name) => [name, lstatSync(join(root, name), { bigint: true }).ctimeNs]);
    const before = look();
    await record({ roots: [dataset({ kind: 'given' })] });
    expect(look()).toEqual(before);
  });
});

describe('what belongs to it', () => {
  it('is for DreamBooth folders what the trainer reads', async () => {
    write({
      '10_cat/1.png': 'a',
      '10_cat/1.caption': 'b',
      '10_cat/inner/2.png': 'not read',
      '3 _wolf/1.webp': 'c',
      'notes/1.png': 'not read',
      '0_none/1.png': 'not read',
      '1.png': 'not read',
      '5/1.png': 'd',
    });
    const { manifest } = await record({ roots: [dataset({ layout: 'folders' })] });
    expect(manifest.map(({ path }) => path)).toEqual(['10_cat/1.caption', '10_cat/1.png', '3 _wolf/1.webp', '5/1.png']);
  });

  it('leaves out caches of latents, stray texts, and files of other kinds', async () => {
    write({
      '1.png': 'a',
      '1.txt': 'b',
      '1.npz': 'c',
      '1_0512x0512_sd.npz': 'd',
      'metadata_cache.json': '{}',
      'readme.txt': 'e',
      '1_te_outputs.npz': 'f',
      '1_x_sd.safetensors': 'g',
      'meta.json': '{}',
      'notes.md': 'h',
      '.hidden': 'i',
    });
    expect((await record()).manifest.map(({ path }) => path)).toEqual(['1.png', '1.txt']);
  });

  it('takes captions by the extension that the trainer was told', async () => {
    write({ '1.png': 'a', '1.wd14': 'b', '1.jpg.wd14': 'c', '2.wd14': 'stray' });
    const { manifest } = await record({ roots: [dataset({ captionExtension: 'wd14' })] });
    expect(manifest.map(({ path }) => path)).toEqual(['1.png', '1.wd14']);
  });

  it('is everything beneath a directory that the user names, with descriptions of all images', async () => {
    write({ 'a/b/1.png': 'a', 'a/b/1.txt': 'b', 'metadata.jsonl': '{}', '2.png': 'c', '.cache/3.png': 'd' });
    const { manifest } = await record({ roots: [dataset({ kind: 'given' })] });
    expect(manifest.map(({ path, kind }) => [path, kind])).toEqual([
      ['2.png', 'image'],
      ['a/b/1.png', 'image'],
      ['a/b/1.txt', 'caption'],
      ['metadata.jsonl', 'metadata'],
    ]);
  });

  it('counts a directory once that several subsets name', async () => {
    write({ '1.png': 'a' });
    const { dataset: found } = await record({ roots: [dataset({ repeats: 1 }), dataset({ repeats: 5 })] });
    expect(found).toMatchObject({ files: 1, roots: [{ repeats: 1 }, { repeats: 5 }] });
  });

  it.each([
    ['dataset-missing', () => dataset({ path: '/nowhere/wolf' })],
    ['dataset-empty', () => dataset()],
    ['dataset-empty', () => dataset({ layout: 'folders' })],
    ['dataset-too-wide', () => dataset({ path: '/', kind: 'given' })],
    ['dataset-too-wide', () => dataset({ kind: 'given' })],
  ])('gives the warning %s', async (code, named) => {
    const found = await record({ roots: [named()], userHome: join(root, 'home') });
    expect(found.warnings).toEqual([code]);
    expect(found.dataset.files).toBe(0);
  });
});

describe('a hostile dataset', () => {
  it('is survived: loops, links to devices, FIFOs, dangling links', async () => {
    write({ '1.png': 'a' });
    symlinkSync('loop.png', join(root, 'loop.png'));
    symlinkSync('.', join(root, 'self'));
    symlinkSync('..', join(root, 'up'));
    symlinkSync('nowhere', join(root, 'dangling.png'));
    symlinkSync('/dev/zero', join(root, 'zero.png'));
    execFileSync('mkfifo', [join(root, 'pipe.png'), join(root, '1.txt')]);
    const found = await record({ roots: [dataset({ kind: 'given' })] });
    expect(found.manifest.map(({ path }) => path)).toEqual(['1.png']);
    expect(found.dataset.omitted.map(({ path, reason }) => `${path} ${reason}`).sort()).toEqual([
      '1.txt special',
      'dangling.png unreadable',
      'loop.png unreadable',
      'pipe.png special',
      'self outside',
      'up outside',
      'zero.png special',
    ]);
  });

  it('leads nowhere: links are followed to data only', async () => {
    write(
      { 'store/x.png': 'image', 'store/secret': 'key', 'hub/blobs/0123456789012345678901234567890123456789': 'hub' },
      world,
    );
    write({ '1.png': 'a', 'inner.data': 'b' });
    symlinkSync('../store/x.png', join(root, '2.png'));
    symlinkSync('../store/secret', join(root, '1.txt'));
    symlinkSync('../hub/blobs/0123456789012345678901234567890123456789', join(root, '3.png'));
    symlinkSync('inner.data', join(root, '4.png'));
    symlinkSync('../store', join(root, '10_linked'));
    const flat = await record();
    expect(flat.manifest.map(({ path }) => path)).toEqual(['1.png', '2.png', '3.png', '4.png']);
    expect(flat.dataset.omitted).toEqual([{ path: '1.txt', reason: 'outside', bytes: 3, sha256: null }]);
    const folders = await record({ roots: [dataset({ layout: 'folders' })] });
    expect(folders.manifest.map(({ path }) => path)).toEqual(['10_linked/x.png']);
  });

  it('may have names of any bytes', async () => {
    const names = ['a\nb.png', 'tab\t.png', '\u001b[31m.png', 'wölf 🐺.png', 'back\\slash.png', '"quoted".png'];
    write(Object.fromEntries(names.map((name) => [name, name])));
    const raw = Buffer.concat([Buffer.from(`${root}/raw\\xff-`), Buffer.from([0xff, 0xc3]), Buffer.from('.png')]);
    const isUnix = process.platform === 'linux';
    if (isUnix) {
      writeFileSync(raw, 'raw');
      writeFileSync(Buffer.concat([raw.subarray(0, -3), Buffer.from('txt')]), 'caption');
    }
    await settle();
    const found = await record();
    const paths = found.manifest.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(names));
    if (isUnix) expect(paths).toEqual(expect.arrayContaining(['raw\\xff-\\xff\\xc3.png', 'raw\\xff-\\xff\\xc3.txt']));
    for (const { object } of found.manifest) expect(await objects.verify(object!)).toBe('ok');
    expect(found.warnings).toEqual([]);
    expect(await record()).toMatchObject({ later: false, blobs: 0 });
  });

  it('is bounded in files, and says so', async () => {
    write(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.png`, 'x'])));
    const found = await record({ limits: { files: 10 } });
    expect(found.dataset.files).toBe(10);
    expect(found.warnings).toEqual(['dataset-budget']);
  });

  it('may be nested without end', async () => {
    mkdirSync(join(root, 'd/'.repeat(200)), { recursive: true });
    writeFileSync(join(root, '1.png'), 'a');
    const found = await record({ roots: [dataset({ kind: 'given' })] });
    expect(found.dataset).toMatchObject({ files: 1, omitted: [{ reason: 'budget' }] });
  });

  it('may swap an image for a FIFO after the start', async () => {
    write({ '1.png': 'image' });
    const found = await record({}, () => {
      rmSync(join(root, '1.png'));
      execFileSync('mkfifo', [join(root, '1.png')]);
    });
    expect(found.warnings).toEqual(['dataset-changed']);
  });

  it.skipIf(!permissionsBind)('may hold what cannot be read', async () => {
    write({ '1.png': 'image', '2.png': 'other', '1.txt': 'cat', 'inner/3.png': 'x' });
    chmodSync(join(root, '1.png'), 0);
    chmodSync(join(root, '1.txt'), 0);
    chmodSync(join(root, 'inner'), 0);
    const found = await record({ roots: [dataset({ kind: 'given' })] });
    chmodSync(join(root, 'inner'), 0o700);
    expect(found.warnings).toEqual(['dataset-unreadable']);
    expect(found.dataset.omitted).toEqual([{ path: 'inner', reason: 'unreadable', bytes: null, sha256: null }]);
    expect(found.manifest.map((file) => file.sha256)).toEqual([null, null, sha256('other')]);
  });

  it('may have a caption of any length', async () => {
    write({ '1.png': 'image', '1.txt': 'x'.repeat(3 << 20) });
    const found = await record();
    expect(found.blobs).toBe(1);
    expect(found.manifest[1]).toMatchObject({ kind: 'caption', object: sha256('x'.repeat(3 << 20)) });
  });
});
