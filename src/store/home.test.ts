import { accessSync, chmodSync, constants, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHome } from './home.ts';
import { created, nextRunId, temporaryDirectory } from './test-home.ts';

describe('a home', () => {
  it('is made on first use, for its user only, and keeps its id', async () => {
    const directory = join(temporaryDirectory(), 'a', 'home');
    const { id } = await openHome(directory);
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect((await openHome(directory)).id).toBe(id);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory).sort()).toEqual(['cache', 'code', 'home.json', 'objects', 'runs', 'trash']);
  });

  it('gets one id when many make it at once', async () => {
    const directory = join(temporaryDirectory(), 'home');
    const homes = await Promise.all(Array.from({ length: 16 }, () => openHome(directory)));
    expect(new Set(homes.map(({ id }) => id)).size).toBe(1);
    expect(readdirSync(directory)).toHaveLength(6);
  });

  it('is only read when it is opened again', async () => {
    const directory = join(temporaryDirectory(), 'home');
    await openHome(directory);
    const before = statSync(directory).ctimeMs;
    await openHome(directory);
    expect(statSync(directory).ctimeMs).toBe(before);
  });

  it('of a newer layout is refused', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'home.json'), '{"version":7,"name":"unheard of"}');
    await expect(openHome(directory)).rejects.toMatchObject({ code: 'home-newer', message: /version 7/ });
  });

  it('with a damaged home.json is not taken for an empty one', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'home.json'), '{"vers');
    await expect(openHome(directory)).rejects.toMatchObject({ code: 'home-corrupt' });
    expect(readFileSync(join(directory, 'home.json'), 'utf8')).toBe('{"vers');
  });

  it('that cannot be made is named, with the remedy', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    await expect(openHome(join(file, 'home'))).rejects.toMatchObject({
      kind: 'cannot-write',
      message: expect.stringContaining(file),
    });
  });

  it('that cannot be written can still be read', async ({ skip }) => {
    const directory = join(temporaryDirectory(), 'home');
    const { id } = await openHome(directory);
    chmodSync(directory, 0o500);
    skip(isWritable(directory), 'no permission binds this process');
    expect((await openHome(directory)).id).toBe(id);
    chmodSync(directory, 0o700);
  });

  it('has files of its own on each host that shares it', async () => {
    const directory = join(temporaryDirectory(), 'home');
    const id = nextRunId();
    for (const host of ['den', 'lair']) {
      const { runs } = await openHome(directory, host);
      if (host === 'den') runs.create(id);
      const log = runs.openLog(id, 'annotations');
      await log.append(created(id));
      await log.close();
    }
    expect(readdirSync(join(directory, 'runs', id)).filter((name) => name.startsWith('annotations.'))).toHaveLength(2);
  });
});

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
