import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode, SpoorError } from '../model/errors.ts';
import { cannotWrite } from './cannot-write.ts';
import { makeDirectory, syncDirectory, writeDurably } from './durable.ts';
import { fileSystemOf } from './file-system.ts';
import { DiskObjects } from './objects/disk.ts';
import { DiskRunFolders } from './run-folders.ts';
import { temporaryName } from './temporary.ts';

const version = 1;

/** `$SPOOR_HOME`: where everything lives. */
export interface Home {
  directory: string;
  /** 8 hex digits, made with the home. */
  id: string;
  objects: DiskObjects;
  runs: DiskRunFolders;
  /** Bare repositories, `<repo-id>.git`. */
  codeDirectory: string;
  /** May be deleted at any time. */
  cacheDirectory: string;
  /** For git's short work, with symbolic links in it; where the home is on a network file system, on this machine. */
  scratchDirectory: string;
  /** `catalog.db`; where the home is on a network file system, in a cache of this machine. */
  catalogFile: string;
  trashDirectory: string;
}

/**
 * Opens a home, making it (mode 0700) on first use. An existing home is only read, so that one that
 * cannot be written can still be looked at. Errors: `cannot-write`, `home-newer`, `home-corrupt`.
 *
 * @param localCache a directory of this machine for what does not work on a file system that hosts share
 */
export async function openHome(directory: string, host = hostname(), localCache?: string): Promise<Home> {
  const id = (await readId(directory)) ?? (await makeHome(directory));
  // Of home and host: where two hosts share a home, or one is copied, each writes files of its own.
  const writer = createHash('sha256').update(`${id}\0${host}`).digest('hex').slice(0, 8);
  const local = await localPlace(directory, id, localCache);
  return {
    directory,
    id,
    objects: new DiskObjects(join(directory, 'objects')),
    runs: new DiskRunFolders(join(directory, 'runs'), writer, host),
    codeDirectory: join(directory, 'code'),
    cacheDirectory: join(directory, 'cache'),
    scratchDirectory: join(local ?? join(directory, 'cache'), 'git'),
    catalogFile: join(local ?? directory, 'catalog.db'),
    trashDirectory: join(directory, 'trash'),
  };
}

/**
 * SQLite needs locks and shared memory, git's short work symbolic links, and network file systems have
 * neither for sure. Null where the home is on none.
 */
async function localPlace(directory: string, id: string, localCache: string | undefined): Promise<string | null> {
  if (localCache === undefined || !fileSystemOf(directory)?.network) return null;
  const place = createHash('sha256').update(`${id}\0${directory}`).digest('hex').slice(0, 16);
  const own = join(localCache, place);
  return makeDirectory(own).then(
    () => own,
    () => null,
  );
}

async function readId(directory: string): Promise<string | null> {
  const path = join(directory, 'home.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw cannotRead(path, error);
  }
  const found = parse(text);
  if (!found) {
    const hint = `Your runs are safe. Move ${path} away; the next command makes a new one.`;
    throw new SpoorError('corrupt', 'home-corrupt', `${path} is damaged`, hint);
  }
  if (found.version > version) {
    throw new SpoorError(
      'unavailable',
      'home-newer',
      `${directory} was made by a newer Spoor (version ${found.version} of the layout; this one knows ${version})`,
      'Update Spoor.',
    );
  }
  return found.id;
}

function parse(text: string): { version: number; id: string } | null {
  try {
    const { version: found, id } = JSON.parse(text);
    if (!Number.isInteger(found) || found < 1) return null;
    if (found > version) return { version: found, id: '' };
    return typeof id === 'string' && /^[0-9a-f]{8}$/.test(id) ? { version: found, id } : null;
  } catch {
    return null;
  }
}

/** Several processes may do this at once: the first to link its `home.json` wins, and all agree. */
async function makeHome(directory: string): Promise<string> {
  await makeDirectory(directory);
  for (const name of ['runs', 'objects', 'code', 'cache', 'trash']) await makeDirectory(join(directory, name));
  const path = join(directory, 'home.json');
  const draft = join(directory, temporaryName());
  await writeDurably(draft, Buffer.from(`${JSON.stringify({ version, id: randomBytes(4).toString('hex') })}\n`));
  try {
    await link(draft, path).catch((error) => {
      if (errorCode(error) !== 'EEXIST') throw cannotWrite(path, error);
    });
    await syncDirectory(directory);
  } finally {
    await unlink(draft).catch(() => {});
  }
  return (await readId(directory)) as string;
}

function cannotRead(path: string, error: unknown): SpoorError {
  const hint = 'Give yourself the right to read it, or choose another home with SPOOR_HOME.';
  return new SpoorError('not-found', 'home-unreadable', `cannot read ${path}: ${errorCode(error)}`, hint, error);
}
