/**
 * Puts files into a directory that others use too: never over a file that is not ours, never through a
 * link that someone planted, never half-written.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, open, readlink, rename, rm, unlink } from 'node:fs/promises';
import { errorCode } from '../model/errors.ts';

/** What stands under a name: nothing, a file by its hash, a link by its target, or what is neither. */
export type Standing =
  | { kind: 'nothing' }
  | { kind: 'file'; sha256: string }
  | { kind: 'link'; target: string }
  | { kind: 'other' };

export async function whatStands(path: string): Promise<Standing> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return { kind: 'link', target: await readlink(path) };
    if (!stats.isFile()) return { kind: 'other' };
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return { kind: errorCode(error) === 'ENOENT' ? 'nothing' : 'other' };
  }
  try {
    if (!(await handle.stat()).isFile()) return { kind: 'other' };
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk);
    return { kind: 'file', sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

/** The bytes of a regular file of at most `maxBytes`; null for anything else. */
export async function readSmallFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      return stats.isFile() && stats.size <= maxBytes ? await handle.readFile() : null;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

export async function writeTemporary(path: string, content: Uint8Array): Promise<void> {
  await rm(path, { force: true });
  const handle = await open(path, 'wx', 0o666);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A copy that shares its blocks with the original where the file system can, with the mode of any new file. */
export async function copyTemporary(from: string, path: string): Promise<void> {
  await rm(path, { force: true });
  const handle = await open(path, 'wx', 0o666);
  try {
    const { mode } = await handle.stat();
    await copyFile(from, path, constants.COPYFILE_FICLONE);
    await handle.chmod(mode & 0o777);
  } finally {
    await handle.close();
  }
}

/**
 * Moves a file or link to a name that is free.
 * @returns false, with nothing moved, if something stands there already
 */
export async function moveToFree(from: string, to: string): Promise<boolean> {
  try {
    // A hard link fails where something stands; but systems differ in whether it follows a symlink.
    if ((await lstat(from)).isSymbolicLink()) return await renameToFree(from, to);
    await link(from, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // No hard links here (exFAT, some network file systems).
    return renameToFree(from, to);
  }
  await unlink(from);
  return true;
}

async function renameToFree(from: string, to: string): Promise<boolean> {
  if ((await whatStands(to)).kind !== 'nothing') return false;
  await rename(from, to);
  return true;
}
