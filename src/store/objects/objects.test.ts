import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskObjects } from './disk.ts';
import { MemoryObjects } from './memory.ts';
import { objectStoreContract } from './test-objects-contract.ts';

objectStoreContract('memory', () => new MemoryObjects());
objectStoreContract('disk', (directory) => new DiskObjects(directory));

describe('objects on disk', () => {
  let directory: string;
  let store: DiskObjects;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spoor-objects-'));
    store = new DiskObjects(directory);
  });
  afterEach(() => rm(directory, { recursive: true }));

  const pathOf = (sha256: string) => join(directory, sha256.slice(0, 2), sha256);
  const temporaries = async () =>
    (await readdir(directory, { recursive: true })).filter((name) => name.includes('.tmp-'));

  it('are read-only files in directories of their own user', async () => {
    const { sha256 } = await store.put(Buffer.from('wolf'));
    expect((await stat(pathOf(sha256))).mode & 0o777).toBe(0o400);
    expect((await stat(join(directory, sha256.slice(0, 2)))).mode & 0o777).toBe(0o700);
  });

  it('are found damaged or cut short, and healed by putting them again', async () => {
    const content = Buffer.from('a grey wolf in snow');
    const { sha256 } = await store.put(content);
    await chmod(pathOf(sha256), 0o600);
    await writeFile(pathOf(sha256), 'a grey wolf in rain');
    expect(await store.verify(sha256)).toBe('corrupt');
    await writeFile(pathOf(sha256), 'a grey');
    expect(await store.verify(sha256)).toBe('corrupt');
    await store.put(content);
    expect(await store.verify(sha256)).toBe('ok');
  });

  it('leave no temporary file behind, whether put, put again or refused', async () => {
    const path = join(directory, 'source');
    await writeFile(path, randomBytes(100_000));
    await store.putFile(path);
    await store.putFile(path);
    await store.putFile(path, 'f'.repeat(64)).catch(() => {});
    await store.putAll([Buffer.from('a'), Buffer.from('a')]);
    expect(await temporaries()).toEqual([]);
  });

  it('never take a path for a name', async () => {
    await expect(store.get('../../etc/passwd')).rejects.toMatchObject({ code: 'not-a-hash' });
    await expect(store.has('')).rejects.toMatchObject({ code: 'not-a-hash' });
  });

  it('are put whole by eight processes at once', async () => {
    const blobs = Array.from({ length: 20 }, (_, i) => Buffer.alloc(200_000, `blob ${i}`));
    await writeFile(join(directory, 'source'), Buffer.concat(blobs));
    const script = `
      import { DiskObjects } from ${JSON.stringify(new URL('./disk.ts', import.meta.url).href)};
      import { readFile } from 'node:fs/promises';
      const store = new DiskObjects(process.argv[1]);
      const source = await readFile(process.argv[1] + '/source');
      process.stdin.resume();
      await new Promise((go) => process.stdin.once('data', go));
      await store.putAll(Array.from({ length: 20 }, (_, i) => source.subarray(i * 200000, (i + 1) * 200000)));
      await store.putFile(process.argv[1] + '/source');
      process.exit();`;
    const children = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
        stdio: ['pipe', 'inherit', 'inherit'],
      }),
    );
    for (const child of children) child.stdin.write('go');
    const codes = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(codes.map(([code]) => code)).toEqual(Array(8).fill(0));
    let count = 0;
    for await (const { sha256 } of store.list()) {
      expect(await store.verify(sha256)).toBe('ok');
      count++;
    }
    expect(count).toBe(21);
    expect(await temporaries()).toEqual([]);
  });

  it('name path and remedy when they cannot be written', async () => {
    await writeFile(join(directory, 'file'), '');
    const impossible = new DiskObjects(join(directory, 'file', 'objects'));
    await expect(impossible.put(Buffer.from('x'))).rejects.toMatchObject({
      kind: 'cannot-write',
      message: expect.stringContaining(join(directory, 'file')),
      hint: expect.stringContaining('not a directory'),
    });
  });

  it('sweep temporaries of the dead that are older than a day, and no others', async () => {
    const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
    const [dead, alive, foreign] = [`${host}-4194999`, `${host}-${process.pid}`, `00000000-1`].map(
      (writer) => `.tmp-${writer}-0123456789abcdef`,
    ) as [string, string, string];
    const { sha256 } = await store.put(Buffer.from('wolf'));
    const fanOut = join(directory, sha256.slice(0, 2));
    const old = new Date(Date.now() - 2 * 86_400_000);
    for (const name of [dead, alive, foreign]) {
      await writeFile(join(fanOut, name), '');
      await utimes(join(fanOut, name), old, old);
    }
    await mkdir(join(directory, '00'));
    await writeFile(join(directory, '00', dead), '');
    expect(await store.sweepTemporary()).toBe(1);
    expect((await readdir(fanOut)).sort()).toEqual([alive, foreign, sha256].sort());
    expect(await readdir(join(directory, '00'))).toEqual([dead]);
    expect((await readFile(pathOf(sha256))).toString()).toBe('wolf');
  });
});
