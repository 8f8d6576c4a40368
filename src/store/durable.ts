/**
 * Writes that survive a crash at any moment: temporary file in the same directory → fsync → rename →
 * fsync of the directory. A reader sees nothing or the whole, and what these functions have returned
 * from is on the disk.
 */
import { mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../model/errors.ts';
import { cannotWrite } from './cannot-write.ts';
import { concurrently } from './concurrently.ts';
import { temporaryName } from './temporary.ts';

export interface DurableFile {
  path: string;
  bytes: Uint8Array;
}

export interface DurableOptions {
  /** Permissions of the written file. What never changes again is read-only, which is the default. */
  mode?: number;
  /** Told before and after each step; tests kill the process there. */
  onStep?: ((step: string) => void) | undefined;
}

/** Enough to let the disk gather flushes of many files into few. */
const parallelWrites = 16;

export async function writeDurably(path: string, bytes: Uint8Array, options: DurableOptions = {}): Promise<void> {
  await writeAllDurably([{ path, bytes }], options);
}

/** Many files in one pass: all temporaries first, then all renames, then each directory once. The directories exist. */
export async function writeAllDurably(files: readonly DurableFile[], options: DurableOptions = {}): Promise<void> {
  const pending = files.map(({ path, bytes }) => ({ path, bytes, temporary: join(dirname(path), temporaryName()) }));
  try {
    await concurrently(pending, parallelWrites, ({ path, bytes, temporary }) =>
      writeTemporary(temporary, bytes, options).catch((error) => {
        throw cannotWrite(path, error);
      }),
    );
    await publish(pending, options);
  } catch (error) {
    for (const { temporary } of pending) await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** Renames flushed temporaries to their names and makes the names durable. */
export async function publish(
  files: readonly { temporary: string; path: string }[],
  { onStep }: DurableOptions = {},
): Promise<void> {
  for (const { temporary, path } of files) {
    await rename(temporary, path).catch((error) => {
      throw cannotWrite(path, error);
    });
    onStep?.('renamed');
  }
  const directories = [...new Set(files.map(({ path }) => dirname(path)))];
  await concurrently(directories, parallelWrites, syncDirectory);
  onStep?.('directory-synced');
}

async function writeTemporary(path: string, bytes: Uint8Array, { mode = 0o400, onStep }: DurableOptions) {
  const file = await open(path, 'wx', mode);
  try {
    onStep?.('created');
    await file.writeFile(bytes);
    onStep?.('written');
    await file.sync();
    onStep?.('synced');
  } finally {
    await file.close();
  }
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows has no handle to flush for a directory; its file systems journal names themselves.
  if (process.platform === 'win32') return;
  let directory: Awaited<ReturnType<typeof open>> | undefined;
  try {
    directory = await open(path, 'r');
    await directory.sync();
  } catch (error) {
    // Some network and FUSE file systems cannot flush a directory and say so.
    if (errorCode(error) !== 'EINVAL' && errorCode(error) !== 'ENOTSUP') throw cannotWrite(path, error);
  } finally {
    await directory?.close();
  }
}

/**
 * Makes a directory and its missing parents, mode 0700, durably. One level at a time: where a file system
 * refuses with ENOENT below a directory that exists (`/proc`), Node's own recursion never ends.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await stat(path).catch(() => null)) return;
  if (dirname(path) !== path) await makeDirectory(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    throw cannotWrite(path, error);
  }
  await syncDirectory(dirname(path));
}
