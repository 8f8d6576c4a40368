/** Writes that cannot leave a directory, whatever names a record holds. */
import { createHash, hash } from 'node:crypto';
import { lstat, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { errorCode, SpoorError } from '../../model/errors.ts';
import type { ObjectStore } from '../../model/ports.ts';
import { cannotWrite } from '../../store/cannot-write.ts';

/** A path below a directory as bytes, one character each; null for one that leads out of it or is none. */
export function partsInside(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Buffer[] | null {
  const parts = path.split(process.platform === 'win32' ? /[\\/]/ : '/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) return null;
  return parts.map((part) => Buffer.from(part, encoding));
}

/** Whether a text names one entry of a directory. */
export function isName(text: string): boolean {
  return partsInside(text)?.length === 1;
}

/** A name that is free; `~2` and so on stands before the extension. */
export function freeName(wanted: string, taken: Set<string>): string {
  const base = isName(wanted) ? wanted : 'unnamed';
  const dot = base.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ''];
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${stem}~${number}${extension}`;
  taken.add(name);
  return name;
}

/**
 * Makes the directories above a place below `root`, going through no symbolic link.
 * @param made directories that are known to be none but directories, as long as nobody else writes there
 * @returns the place's path; null where something that is no directory stands in the way
 */
export async function placeInside(
  root: string,
  parts: readonly Buffer[],
  made = new Set<string>(),
): Promise<Buffer | null> {
  let at = Buffer.from(root);
  for (const [index, part] of parts.entries()) {
    at = Buffer.concat([at, Buffer.from('/'), part]);
    if (index === parts.length - 1) break;
    if (made.has(at.toString('latin1'))) continue;
    await mkdir(at).catch((error) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    if (!(await lstat(at)).isDirectory()) return null;
    made.add(at.toString('latin1'));
  }
  return at;
}

/** Names that no file system takes, or that another file stands in the way of: told, not fatal. */
const oddNames = new Set(['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'ENOENT']);

/** Does what writes a file. @returns null, or why it cannot stand there. Errors: `cannot-write`, of a disk that is full */
export async function attempt(path: string, work: () => Promise<string | null>): Promise<string | null> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (oddNames.has(code)) return `it cannot stand there (${code})`;
    throw cannotWrite(path, error);
  }
}

/** Bytes of a file that is read and written at once. */
const atOnce = 4 << 20;

/**
 * Writes an object to a new file, checking its hash.
 * @param bytes how large it is said to be
 * @returns null, or why its bytes cannot be had
 */
export async function writeObject(
  objects: ObjectStore,
  sha256: string,
  bytes: number | null,
  path: Buffer | string,
): Promise<string | null> {
  try {
    const isSmall = bytes !== null && bytes <= atOnce;
    return (await (isSmall ? writeWhole : writePieces)(objects, sha256, path)) ? null : 'it is damaged in the store';
  } catch (error) {
    if (error instanceof SpoorError && error.code === 'object-missing') return 'the store has lost it';
    throw error;
  }
}

async function writeWhole(objects: ObjectStore, sha256: string, path: Buffer | string): Promise<boolean> {
  const content = await objects.get(sha256);
  if (hash('sha256', content, 'hex') !== sha256) return false;
  await writeFile(path, content, { flag: 'wx' });
  return true;
}

async function writePieces(objects: ObjectStore, sha256: string, path: Buffer | string): Promise<boolean> {
  const sum = createHash('sha256');
  const handle = await open(path, 'wx', 0o666);
  let isWhole = false;
  try {
    for await (const chunk of objects.stream(sha256)) {
      sum.update(chunk);
      await handle.writeFile(chunk);
    }
    isWhole = sum.digest('hex') === sha256;
  } finally {
    await handle.close();
    if (!isWhole) await rm(path);
  }
  return isWhole;
}
