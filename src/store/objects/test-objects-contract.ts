import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../model/ports.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const absent = 'f'.repeat(64);

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** What every object store keeps. `make` gets an empty directory for its use. */
export function objectStoreContract(name: string, make: (directory: string) => ObjectStore): void {
  describe(`an object store: ${name}`, () => {
    let directory: string;
    let store: ObjectStore;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'spoor-objects-'));
      store = make(join(directory, 'store'));
    });
    afterEach(() => rm(directory, { recursive: true }));

    it('gives back the bytes that were put, under their SHA-256', async () => {
      const content = randomBytes(3_000_000);
      const stored = await store.put(content);
      expect(stored).toEqual({ sha256: sha256(content), bytes: content.length });
      expect(Buffer.compare(await store.get(stored.sha256), content)).toBe(0);
      expect(Buffer.compare(await collect(store.stream(stored.sha256)), content)).toBe(0);
      expect(await store.verify(stored.sha256)).toBe('ok');
    });

    it('keeps the empty object', async () => {
      const { sha256: name, bytes } = await store.put(new Uint8Array());
      expect(bytes).toBe(0);
      expect(await store.get(name)).toHaveLength(0);
    });

    it('does not see later changes of the buffer that was put', async () => {
      const content = Buffer.from('wolf');
      const { sha256: name } = await store.put(content);
      content.write('cats');
      expect(Buffer.from(await store.get(name)).toString()).toBe('wolf');
    });

    it('puts many at once, in order, with repetitions', async () => {
      const contents = ['a', 'b', 'a', ''].map((text) => Buffer.from(text));
      const stored = await store.putAll(contents);
      expect(stored.map((each) => each.sha256)).toEqual(contents.map(sha256));
      expect(await store.putAll([])).toEqual([]);
      for (const { sha256: name } of stored) expect(await store.verify(name)).toBe('ok');
    });

    it('puts a file, once as often as it is put', async () => {
      const path = join(directory, 'image.png');
      const content = randomBytes(2_500_000);
      await writeFile(path, content);
      const stored = { sha256: sha256(content), bytes: content.length };
      expect(await store.putFile(path)).toEqual(stored);
      expect(await store.putFile(path)).toEqual(stored);
      expect(await store.putFile(path, stored.sha256)).toEqual(stored);
      expect(await store.verify(stored.sha256)).toBe('ok');
    });

    it('refuses a file that is no longer what is expected, and keeps nothing of it', async () => {
      const path = join(directory, 'caption.txt');
      await writeFile(path, 'a grey wolf');
      await expect(store.putFile(path, absent)).rejects.toMatchObject({ code: 'changed-while-read' });
      expect(await store.has(absent)).toBe(false);
      expect(await store.has(sha256(Buffer.from('a grey wolf')))).toBe(false);
    });

    it('refuses what is no regular file, without waiting for a writer', async () => {
      const fifo = join(directory, 'fifo');
      execFileSync('mkfifo', [fifo]);
      await expect(store.putFile(fifo)).rejects.toMatchObject({ code: 'not-a-file' });
      await expect(store.putFile(directory)).rejects.toThrow();
      await expect(store.putFile('/dev/zero')).rejects.toMatchObject({ code: 'not-a-file' });
    });

    it('says which object is missing', async () => {
      expect(await store.has(absent)).toBe(false);
      expect(await store.verify(absent)).toBe('missing');
      await expect(store.get(absent)).rejects.toMatchObject({ code: 'object-missing' });
      await expect(collect(store.stream(absent))).rejects.toMatchObject({ code: 'object-missing' });
    });

    it('lists what it holds, each once', async () => {
      const stored = await store.putAll(Array.from({ length: 40 }, (_, i) => Buffer.from(`object ${i}`)));
      const listed = [];
      for await (const object of store.list()) listed.push(object);
      const byName = (a: { sha256: string }, b: { sha256: string }) => (a.sha256 < b.sha256 ? -1 : 1);
      expect(listed).toEqual([...stored].sort(byName));
    });

    it('lists nothing at first', async () => {
      for await (const object of store.list()) expect.unreachable(object.sha256);
    });
  });
}
