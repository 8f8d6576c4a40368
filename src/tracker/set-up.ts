/**
 * What was prepared before a run: an output directory that the shell library made for it, and the files
 * that it laid out there. `$SPOOR_HOME/set-up/<name>.json`; the directory is known again by device and inode.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PlacedEntry } from '../model/facts.ts';
import { makeDirectory, writeDurably } from '../store/durable.ts';
import type { Home } from '../store/home.ts';

export interface SetUp {
  version: 1;
  /** Absolute. */
  directory: string;
  /** Of the directory, as `lstat` tells them, in decimal. */
  device: string;
  inode: string;
  /** When it was prepared: UTC, ISO 8601. */
  madeAt: string;
  /** What was laid out there, by name. */
  files: Record<string, PlacedEntry>;
}

/**
 * Remembers that a directory was made for a run that is about to begin, and what was laid out there;
 * called again, the files are added. Errors: `cannot-write`, ENOENT for a directory that is not there.
 */
export async function rememberSetUp(home: Home, directory: string, files: SetUp['files']): Promise<void> {
  const before = await readSetUp(home, directory);
  const found = {
    version: 1 as const,
    directory,
    ...(await identityOf(directory)),
    madeAt: before?.madeAt ?? new Date().toISOString(),
    files: { ...before?.files, ...files },
  };
  await makeDirectory(join(home.directory, 'set-up'));
  await writeDurably(await pathOf(home, directory), Buffer.from(`${JSON.stringify(found)}\n`), { mode: 0o600 });
}

/** What was prepared in the directory that stands there now; null if nothing was. */
export async function readSetUp(home: Home, directory: string): Promise<SetUp | null> {
  try {
    const setUp = JSON.parse(await readFile(await pathOf(home, directory), 'utf8')) as SetUp;
    const { device, inode } = await identityOf(directory);
    const isIt = setUp.device === device && setUp.inode === inode;
    return setUp.version === 1 && Date.parse(setUp.madeAt) >= 0 && isIt ? setUp : null;
  } catch {
    return null;
  }
}

/** For a directory that has gone, or whose run has ended. */
export async function forgetSetUp(home: Home, directory: string): Promise<void> {
  await rm(await pathOf(home, directory), { force: true });
}

async function identityOf(directory: string): Promise<Pick<SetUp, 'device' | 'inode'>> {
  const { dev, ino } = await lstat(directory, { bigint: true });
  return { device: String(dev), inode: String(ino) };
}

/** By the directory's real place, so that a link above it makes no difference. */
async function pathOf(home: Home, directory: string): Promise<string> {
  const plain = directory.replace(/(?!^)\/+$/, '');
  const parent = await realpath(dirname(plain)).catch(() => dirname(plain));
  const name = createHash('sha256')
    .update(join(parent, basename(plain)))
    .digest('hex')
    .slice(0, 32);
  return join(home.directory, 'set-up', `${name}.json`);
}
