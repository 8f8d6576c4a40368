import { createHash, randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const day = 24 * 60 * 60 * 1000;
/** A writer of another host cannot be asked whether it lives; no write takes this long. */
const foreignAge = 30 * day;

const hostTag = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const pattern = /^\.tmp-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{16}$/;

/** A name for a file being written, unique over processes and hosts; it tells who writes. */
export function temporaryName(): string {
  return `.tmp-${hostTag}-${process.pid}-${randomBytes(8).toString('hex')}`;
}

export function isTemporary(name: string): boolean {
  return pattern.test(name);
}

/**
 * Removes the temporary files and directories in one directory that a dead writer left behind more than a day ago.
 * @returns how many were removed
 */
export async function sweepDirectory(directory: string, now: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(directory)) {
    if (!isTemporary(name)) continue;
    const path = join(directory, name);
    const age = now - (await lstat(path).catch(() => ({ mtimeMs: now }))).mtimeMs;
    if (!isAbandoned(name, age)) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
    removed++;
  }
  return removed;
}

function isAbandoned(name: string, age: number): boolean {
  const [, host, pid] = pattern.exec(name) ?? [];
  if (host !== hostTag) return age > foreignAge;
  return age > day && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
