import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OwnRepository, RunGit } from '../../model/code-port.ts';
import { concurrently } from '../concurrently.ts';
import { syncDirectory } from '../durable.ts';
import { updateShallow } from './history.ts';
import { syncLooseObject } from './loose-object.ts';
import { readRef, writeRef } from './refs.ts';

/** Which files of another home's code repository are worth having: objects, packs, names, where history is cut. */
export const codeFile =
  /^(objects\/[0-9a-f]{2}\/([0-9a-f]{38}|[0-9a-f]{62})|objects\/pack\/pack-[0-9a-f]{40,64}\.(pack|idx|rev)|refs\/spoor\/(runs\/[0-9A-HJKMNP-TV-Z]{26}|history\/[0-9a-f]{40,64})|shallow)$/;

const parallel = 16;

export interface ReceivedCode {
  /** Objects and packs that were not what their names say, and were left out. */
  damaged: string[];
}

/**
 * Takes the files of another home's code repository, copied to `quarantine` under their own names,
 * into ours: each is checked against its name, made durable and only then put among the others;
 * references come last. What is there already stays.
 */
export async function receiveCode(git: RunGit, own: OwnRepository, quarantine: string): Promise<ReceivedCode> {
  const damaged: string[] = [];
  const names = (await filesBelow(quarantine)).filter((name) => codeFile.test(name));
  const directories = new Set<string>();
  const place = async (name: string) => {
    const to = join(own.gitDirectory, name);
    if (existsSync(to)) return;
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(join(quarantine, name), to);
    directories.add(dirname(to));
  };
  const loose = names.filter((name) => /^objects\/[0-9a-f]{2}\//.test(name));
  await concurrently(loose, parallel, async (name) => {
    const object = name.slice('objects/'.length).replace('/', '');
    const state = await syncLooseObject(join(quarantine, name), object);
    if (state === 'durable') await place(name);
    else damaged.push(name);
  });
  for (const name of names.filter((each) => each.endsWith('.pack'))) {
    const stem = name.slice(0, -'.pack'.length);
    if (await isWholePack(git, own, quarantine, name)) {
      // A pack without its index is nothing yet: the index comes last.
      for (const part of ['.rev', '.pack', '.idx']) if (names.includes(stem + part)) await place(stem + part);
    } else damaged.push(name);
  }
  await concurrently([...directories, join(own.gitDirectory, 'objects')], parallel, syncDirectory);
  if (names.includes('shallow')) await mergeShallow(git, own.gitDirectory, join(quarantine, 'shallow'));
  for (const name of names.filter((each) => each.startsWith('refs/'))) await nameIt(git, own, quarantine, name);
  return { damaged };
}

/** Reads the whole pack, against its own checksum and that of every object in it. */
async function isWholePack(git: RunGit, own: OwnRepository, quarantine: string, name: string): Promise<boolean> {
  const options = { gitDirectory: own.gitDirectory, milliseconds: 30 * 60_000, idle: true };
  const checked = await git(['verify-pack', join(quarantine, name)], options);
  return checked.status === 0;
}

async function nameIt(git: RunGit, own: OwnRepository, quarantine: string, ref: string): Promise<void> {
  const { gitDirectory } = own;
  const object = await readRef(quarantine, ref);
  if (object === null || (await readRef(gitDirectory, ref)) !== null) return;
  const there = await git(['cat-file', '-e', `${object}^{commit}`], { gitDirectory });
  if (there.status === 0) await writeRef(gitDirectory, ref, object);
}

async function mergeShallow(git: RunGit, gitDirectory: string, received: string): Promise<void> {
  const read = async (path: string) =>
    (await readFile(path, 'latin1').catch(() => '')).split('\n').filter((line) => /^[0-9a-f]{40,64}$/.test(line));
  await updateShallow(git, gitDirectory, await read(join(gitDirectory, 'shallow')), await read(received));
}

async function filesBelow(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true });
  const names: string[] = [];
  for (const name of found) if ((await lstat(join(directory, name))).isFile()) names.push(name.replaceAll('\\', '/'));
  return names.sort();
}
