import { createReadStream } from 'node:fs';
import { lstat, open, readdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, SpoorError } from '../model/errors.ts';
import type { RunId } from '../model/run-id.ts';
import { cannotWrite } from './cannot-write.ts';
import { syncDirectory } from './durable.ts';
import type { Home } from './home.ts';
import { readLater } from './later-file.ts';
import { namedObjects } from './named-objects.ts';
import { type TarEntry, writeTar } from './tar.ts';
import { isTemporary, temporaryName } from './temporary.ts';

/** A file to put into a pack beside folder and objects: git bundles of the code. */
export interface PackedFile {
  /** Path of the file now. */
  path: string;
  /** Its name inside the pack, below the run's directory. */
  name: string;
}

export interface Packed {
  bytes: number;
  objects: number;
  /** Objects that the run names but the store does not have. */
  missing: string[];
}

interface Manifest {
  version: 1;
  run: RunId;
  /** Hash of each object, which is its content's SHA-256. */
  objects: string[];
  missing: string[];
  /** Names of the other files. */
  files: string[];
}

/**
 * Writes one self-contained tar of a run to `target`: `<id>/manifest.json`, `<id>/run/…` (its folder),
 * `<id>/objects/ab/abcdef…` and `extra`. It appears whole or not at all. Errors: `cannot-write`,
 * `run-not-found`.
 */
export async function packRun(
  home: Home,
  id: RunId,
  target: string,
  extra: readonly PackedFile[] = [],
): Promise<Packed> {
  const folder = home.runs.path(id);
  const own = await filesBelow(folder).catch((error) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new SpoorError('not-found', 'run-not-found', `there is no run ${id} in ${home.directory}`);
  });
  const { facts } = await home.runs.facts(id);
  const named = [...(await namedObjects(facts, await readLater(folder), home.objects))].sort();
  const present: string[] = [];
  const missing: string[] = [];
  for (const object of named) ((await home.objects.has(object)) ? present : missing).push(object);
  const files = [...own.map((name) => ({ path: join(folder, name), name: `run/${name}` })), ...extra];
  const manifest: Manifest = { version: 1, run: id, objects: present, missing, files: files.map(({ name }) => name) };
  const bytes = await writeWhole(target, writeTar(entries(home, manifest, files)));
  return { bytes, objects: present.length, missing };
}

async function* entries(home: Home, manifest: Manifest, files: readonly PackedFile[]): AsyncIterable<TarEntry> {
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const root = manifest.run;
  yield { name: `${root}/manifest.json`, bytes: text.length, modified: new Date(), content: [text] };
  for (const { path, name } of files) yield await entryOf(path, `${root}/${name}`);
  for (const object of manifest.objects) {
    const name = `${object.slice(0, 2)}/${object}`;
    yield await entryOf(join(home.directory, 'objects', name), `${root}/objects/${name}`);
  }
}

async function entryOf(path: string, name: string): Promise<TarEntry> {
  const { size, mtime } = await lstat(path);
  return { name, bytes: size, modified: mtime, content: createReadStream(path, { highWaterMark: 1 << 20 }) };
}

/** Regular files of a run's folder; what is being written, locks and whatever else are left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((each) => each.isFile() && !isTemporary(each.name) && !/\.lock(\.|$)/.test(each.name))
    .map((each) =>
      join(each.parentPath, each.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

async function writeWhole(target: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const temporary = join(dirname(target), temporaryName());
  let bytes = 0;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      for await (const chunk of chunks) {
        await file.writeFile(chunk);
        bytes += chunk.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await syncDirectory(dirname(target));
    return bytes;
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw cannotWrite(target, error);
  }
}
