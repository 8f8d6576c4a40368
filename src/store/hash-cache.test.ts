import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CachedHash, FileStamp } from '../model/ports.ts';
import { hashCaches } from './hash-cache.ts';

const second = 1_000_000_000n;
const later = 1n << 62n;
const stamp = (change: Partial<FileStamp> = {}): FileStamp => ({
  ino: 7n,
  dev: 1n,
  size: 100n,
  mtimeNs: 1_000n * second + 5n,
  ctimeNs: 1_000n * second + 6n,
  ...change,
});
const hash = (digit: string): CachedHash => ({ sha256: digit.repeat(64), sha1: null, tensorSha256: null });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-hashes-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a hash cache', () => {
  it('finds in the next session what this one learned, and the remembered object', async () => {
    const cache = await hashCaches(directory).open('/data/wolf');
    const full = { sha256: 'a'.repeat(64), sha1: 'b'.repeat(40), tensorSha256: 'c'.repeat(64) };
    cache.set('/data/wolf/1.png', stamp(), full, later);
    cache.set('/data/wolf/2.png', stamp({ ino: 8n }), { ...hash('d'), tensorSha256: 'e'.repeat(64) }, later);
    cache.remembered = 'f'.repeat(64);
    await cache.save();
    const next = await hashCaches(directory).open('/data/wolf');
    expect(next.get('/data/wolf/1.png', stamp())).toEqual(full);
    expect(next.get('/data/wolf/2.png', stamp({ ino: 8n }))?.sha1).toBeNull();
    expect(next.remembered).toBe('f'.repeat(64));
    expect((await hashCaches(directory).open('/data/cat')).get('/data/wolf/1.png', stamp())).toBeNull();
  });

  it.each<[string, Partial<FileStamp>]>([
    ['size', { size: 101n }],
    ['mtime', { mtimeNs: 1_000n * second + 7n }],
    ['ctime', { ctimeNs: 1_000n * second + 7n }],
    ['inode', { ino: 9n }],
    ['device', { dev: 2n }],
  ])('does not take a file of another %s for the same', async (_, change) => {
    const cache = await hashCaches(directory).open('x');
    cache.set('/1', stamp(), hash('a'), later);
    expect(cache.get('/1', stamp(change))).toBeNull();
    expect(cache.get('/2', stamp())).toBeNull();
    expect(cache.get('/1', stamp())).not.toBeNull();
  });

  it('does not trust what was written within the clock’s grain of being hashed', async () => {
    const cache = await hashCaches(directory).open('x');
    cache.set('/fine', stamp(), hash('a'), 1_000n * second + 10_000_000n);
    expect(cache.get('/fine', stamp())).toBeNull();
    cache.set('/fine', stamp(), hash('a'), 1_000n * second + 30_000_000n);
    expect(cache.get('/fine', stamp())).not.toBeNull();
    const coarse = stamp({ mtimeNs: 1_000n * second, ctimeNs: 1_000n * second });
    cache.set('/coarse', coarse, hash('a'), 1_001n * second);
    expect(cache.get('/coarse', coarse)).toBeNull();
    cache.set('/future', stamp({ mtimeNs: 2_000n * second }), hash('a'), 1_500n * second);
    expect(cache.get('/future', stamp({ mtimeNs: 2_000n * second }))).toBeNull();
  });

  it('notices a file rewritten with the same size and the same mtime', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, 'wolf');
    const before = lstatSync(path, { bigint: true });
    const cache = await hashCaches(directory).open('x');
    cache.set(path, before, hash('a'), later);
    expect(cache.get(path, before)).not.toBeNull();
    while (lstatSync(path, { bigint: true }).ctimeNs === before.ctimeNs) {
      writeFileSync(path, 'cats');
      utimesSync(path, before.atime, before.mtime);
    }
    expect(cache.get(path, lstatSync(path, { bigint: true }))).toBeNull();
  });

  it('is empty where its file is torn, damaged or foreign, at every length', async () => {
    const caches = hashCaches(directory);
    const cache = await caches.open('x');
    cache.set('/1', stamp(), { ...hash('a'), sha1: 'b'.repeat(40) }, later);
    await cache.save();
    const [name] = readdirSync(directory) as [string];
    const whole = readFileSync(join(directory, name));
    for (let length = 0; length < whole.byteLength; length++) {
      writeFileSync(join(directory, name), whole.subarray(0, length));
      expect((await caches.open('x')).get('/1', stamp())).toBeNull();
    }
    for (let at = 0; at < whole.byteLength; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      writeFileSync(join(directory, name), damaged);
      const opened = await caches.open('x');
      // The bytes between the checksum and what it covers mean nothing.
      if (at < 20 || at >= 24) expect(opened.get('/1', stamp()), `byte ${at}`).toBeNull();
    }
    rmSync(join(directory, name));
    expect((await caches.open('x')).get('/1', stamp())).toBeNull();
  });

  it('leaves no temporary file and survives a directory it cannot write', async () => {
    const cache = await hashCaches(directory).open('x');
    await cache.save();
    expect(readdirSync(directory)).toEqual([]);
    cache.set('/1', stamp(), hash('a'), later);
    await cache.save();
    expect(readdirSync(directory)).toHaveLength(1);
    const gone = await hashCaches(join(directory, 'gone')).open('x');
    gone.set('/1', stamp(), hash('a'), later);
    await gone.save();
  });

  it('never mixes what several write at once: one of them stands whole', async () => {
    const writers = await Promise.all(Array.from({ length: 8 }, () => hashCaches(directory).open('x')));
    writers.forEach((cache, writer) => {
      for (let file = 0; file < 200; file++) {
        cache.set(`/${file}`, stamp({ ino: BigInt(file) }), hash(String(writer)), later);
      }
    });
    await Promise.all(writers.map((cache) => cache.save()));
    const cache = await hashCaches(directory).open('x');
    const found = Array.from({ length: 200 }, (_, file) => cache.get(`/${file}`, stamp({ ino: BigInt(file) }))?.sha256);
    expect(new Set(found).size).toBe(1);
    expect(found[0]).toBeDefined();
  });

  it('forgets files that were not seen once they are the most', async () => {
    const first = await hashCaches(directory).open('x');
    for (let file = 0; file < 5_000; file++) first.set(`/${file}`, stamp({ ino: BigInt(file) }), hash('a'), later);
    await first.save();
    const second = await hashCaches(directory).open('x');
    for (let file = 0; file < 100; file++) second.get(`/${file}`, stamp({ ino: BigInt(file) }));
    second.set('/new', stamp({ ino: 9_999n }), hash('b'), later);
    await second.save();
    const third = await hashCaches(directory).open('x');
    expect(third.get('/50', stamp({ ino: 50n }))).not.toBeNull();
    expect(third.get('/new', stamp({ ino: 9_999n }))).not.toBeNull();
    expect(third.get('/4000', stamp({ ino: 4_000n }))).toBeNull();
  });

  it('answers as a map would, over sessions', async () => {
    const entry = fc.record({
      path: fc.constantFrom('/a', '/b', '/ä\u0000', '/c/d'),
      ino: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      size: fc.bigInt({ min: 0n, max: 5n }),
      sha1: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 300 }), async (entries) => {
        const name = JSON.stringify(entries.length);
        const map = new Map<string, { size: bigint; hash: CachedHash }>();
        const cache = await hashCaches(directory).open(name);
        entries.forEach(({ path, ino, size, sha1 }, index) => {
          const value = { ...hash('0'), sha256: String(index).padStart(64, '0'), sha1: sha1 ? 'a'.repeat(40) : null };
          cache.set(path, stamp({ ino, size }), value, later);
          map.set(`${path} ${ino}`, { size, hash: value });
        });
        await cache.save();
        const next = await hashCaches(directory).open(name);
        for (const { path, ino } of entries) {
          const { size, hash: value } = map.get(`${path} ${ino}`)!;
          expect(next.get(path, stamp({ ino, size }))).toEqual(value);
        }
        for (const file of readdirSync(directory)) rmSync(join(directory, file));
      }),
      { numRuns: 50 },
    );
  });
});
