import { execFileSync } from 'node:child_process';
import { mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PromptsVersion, type PromptsWatcher, watchPrompts } from './prompts.ts';
import { hashOf } from './testing/stand-in.ts';

let directory: string;
let path: string;
let now = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spoor-prompts-'));
  path = join(directory, 'prompts.txt');
  await writeFile(path, 'a cat\n');
});
afterEach(() => rm(directory, { recursive: true }));

const watcher = (recorded: string | null = hashOf('a cat\n')) => watchPrompts({ path, recorded, clock: () => now });

/** What is found once the file has had the time to settle. */
async function settle(prompts: PromptsWatcher): Promise<string | null> {
  expect(await prompts.poll()).toBeNull();
  now += 2_000;
  const found = (await prompts.poll()) as PromptsVersion | null;
  return found && Buffer.from(found.content).toString();
}

test('the version recorded at launch is not told again', async () => {
  expect(await settle(watcher())).toBeNull();
});

test('each change is told once, with its bytes and hash', async () => {
  const prompts = watcher();
  await settle(prompts);
  await writeFile(path, 'a wolf\n');
  now += 2_000;
  expect(await prompts.poll(), 'not before it has settled').toBeNull();
  now += 2_000;
  expect(await prompts.poll()).toMatchObject({ path, sha256: hashOf('a wolf\n') });
  expect(await settle(prompts)).toBeNull();
});

test('going back to an earlier version is a change too', async () => {
  const prompts = watcher();
  for (const content of ['a wolf\n', 'a cat\n', 'a wolf\n']) {
    await writeFile(path, content);
    expect(await settle(prompts)).toBe(content);
  }
});

test('an edit that keeps size and time of modification is noticed', async () => {
  const time = new Date(1_700_000_000_000);
  await utimes(path, time, time);
  const prompts = watcher();
  await settle(prompts);
  await writeFile(path, 'a dog\n');
  await utimes(path, time, time);
  expect(await settle(prompts)).toBe('a dog\n');
});

test('an editor that replaces the file is noticed; one that only touches it is not', async () => {
  const prompts = watcher();
  await settle(prompts);
  await utimes(path, new Date(), new Date());
  expect(await settle(prompts)).toBeNull();
  await writeFile(`${path}.new`, 'a wolf\n');
  await rename(`${path}.new`, path);
  expect(await settle(prompts)).toBe('a wolf\n');
});

test('a file that is missing for a while is no change', async () => {
  const prompts = watcher();
  await settle(prompts);
  await rm(path);
  expect(await settle(prompts)).toBeNull();
  await writeFile(path, 'a cat\n');
  expect(await settle(prompts)).toBeNull();
});

test('at the end the last version is taken without waiting', async () => {
  await writeFile(path, 'a wolf\n');
  expect(await watcher().finish()).toMatchObject({ sha256: hashOf('a wolf\n') });
});

test('a link that the user made is followed, a device or a FIFO behind it is not read', async () => {
  const link = join(directory, 'link');
  await symlink(path, link);
  const finish = (path: string) => watchPrompts({ path, recorded: null }).finish();
  expect(await finish(link)).toMatchObject({ sha256: hashOf('a cat\n') });
  await symlink('/dev/zero', join(directory, 'zero'));
  execFileSync('mkfifo', [join(directory, 'fifo')]);
  expect(await finish(join(directory, 'zero'))).toBeNull();
  expect(await finish(join(directory, 'fifo'))).toBeNull();
});

test('a file too large for prompts is told as such, once', async () => {
  await truncate(path, 100 * 1024 * 1024);
  const prompts = watcher();
  expect(await prompts.finish()).toMatchObject({ code: 'prompts-too-large' });
  expect(await prompts.finish()).toBeNull();
});
