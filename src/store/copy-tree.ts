/** Copies of directories, exact and durable, for what cannot be renamed to where it shall be. Links are copied as links. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, open, opendir, readlink, symlink, utimes } from 'node:fs/promises';
import { syncDirectory } from './durable.ts';

/**
 * Copies a directory or file to a name that is free: names byte for byte, contents, modes, times of modification.
 * Durable when it returns. Throws for what is no file, directory or link.
 */
export async function copyTree(from: string | Buffer, to: string | Buffer): Promise<void> {
  const stats = await lstat(from);
  if (stats.isFile()) return copyRegular(Buffer.from(from), Buffer.from(to), stats);
  await mkdir(to, { mode: 0o700 });
  for (const name of await namesIn(from)) {
    const [source, target] = [inside(from, name), inside(to, name)];
    const stats = await lstat(source);
    if (stats.isDirectory()) await copyTree(source, target);
    else if (stats.isSymbolicLink()) await symlink(await readlink(source, { encoding: 'buffer' }), target);
    else if (stats.isFile()) await copyRegular(source, target, stats);
    else throw new Error(`${source} is no file, directory or link`);
  }
  const { mode, atime, mtime } = stats;
  await utimes(to, atime, mtime);
  await chmod(to, mode & 0o7777);
  await syncDirectory(to.toString());
}

/** Whether two files hold the same bytes, or two directories the same names, kinds, bytes and link targets. What cannot be read is the same as nothing. */
export async function sameTree(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([treeDigest(a), treeDigest(b)].map((digest) => digest.catch(() => null)));
  return one !== null && one !== undefined && one === other;
}

async function copyRegular(source: Buffer, target: Buffer, { mode, atime, mtime }: Awaited<ReturnType<typeof lstat>>) {
  await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await handle.utimes(atime, mtime);
    await handle.chmod(Number(mode) & 0o7777);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function treeDigest(directory: string | Buffer): Promise<string> {
  if ((await lstat(directory)).isFile()) return fileDigest(Buffer.from(directory));
  const digest = createHash('sha256');
  for (const name of await namesIn(directory)) {
    const path = inside(directory, name);
    const stats = await lstat(path);
    digest.update(`${name.toString('hex')} `);
    if (stats.isDirectory()) digest.update(`directory ${await treeDigest(path)}\n`);
    else if (stats.isSymbolicLink())
      digest.update(`link ${(await readlink(path, { encoding: 'buffer' })).toString('hex')}\n`);
    else if (stats.isFile()) digest.update(`file ${await fileDigest(path)}\n`);
    else digest.update(`other ${stats.mode} ${stats.rdev}\n`);
  }
  return digest.digest('hex');
}

async function fileDigest(path: Buffer): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const digest = createHash('sha256');
    for await (const chunk of handle.createReadStream({ autoClose: false })) digest.update(chunk);
    return digest.digest('hex');
  } finally {
    await handle.close();
  }
}

/** In order of bytes. */
async function namesIn(directory: string | Buffer): Promise<Buffer[]> {
  const names: Buffer[] = [];
  // A Buffer is taken for a path as well, which the types do not know.
  const entries = await opendir(directory as string, { encoding: 'buffer' as BufferEncoding });
  for await (const { name } of entries) names.push(Buffer.from(name as unknown as Buffer));
  return names.sort(Buffer.compare);
}

function inside(directory: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(directory), Buffer.from('/'), name]);
}
