import { constants, existsSync, statSync, utimesSync } from 'node:fs';
import { open, readFile, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoteHome } from '../../remote/remote-home.ts';
import { syncDirectory } from '../../store/durable.ts';
import { temporaryName } from '../../store/temporary.ts';

/** Which files of a run's folder travel: facts, the log, how it ended, series. */
export const runFile =
  /^(journal\.jsonl|(reconciliation|notifications|annotations)\.[0-9a-f]{8}\.jsonl|log|exit|stop|(metrics|machine)\/[\w-][\w.-]{0,99})$/;

export const isFacts = (name: string) => name.endsWith('.jsonl');

/** Bytes before the end of our copy that are compared with theirs before more is put behind it. */
const overlap = 4096;

/** Whether theirs has more than ours. What is longer here came from elsewhere and stays. */
export function isBehind(path: string, bytes: number): boolean {
  const own = statSync(path, { throwIfNoEntry: false });
  return own === undefined || own.size < bytes;
}

/**
 * Brings a growing file up to `bytes`: what is here already is not brought again, so that a broken
 * connection costs nothing. Where the two differ before the end of ours, theirs takes its place.
 */
export async function pullGrowing(remote: RemoteHome, name: string, path: string, bytes: number): Promise<void> {
  const own = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (!(await append(remote, name, path, own, bytes))) await replace(remote, name, path, bytes);
}

/** @returns false if the end of ours is not what theirs has there */
async function append(remote: RemoteHome, name: string, path: string, own: number, bytes: number): Promise<boolean> {
  const from = Math.max(0, own - overlap);
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const ours = Buffer.alloc(own - from);
    await file.read(ours, 0, ours.length, from);
    let compared = 0;
    let at = own;
    for await (const chunk of remote.part(name, from, bytes - from)) {
      const head = chunk.subarray(0, ours.length - compared);
      if (!ours.subarray(compared, compared + head.length).equals(head)) return false;
      compared += head.length;
      const rest = chunk.subarray(head.length);
      if (rest.length > 0) at += (await file.write(rest, 0, rest.length, at)).bytesWritten;
    }
    await file.sync();
    return compared === ours.length;
  } finally {
    await file.close();
  }
}

async function replace(remote: RemoteHome, name: string, path: string, bytes: number): Promise<void> {
  const draft = join(path, '..', temporaryName());
  const file = await open(draft, 'wx', 0o600);
  try {
    for await (const chunk of remote.part(name, 0, bytes)) await file.writeFile(chunk);
    await file.sync();
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}

/** Puts a file that was brought whole where none is yet, durably. */
export async function placeNew(brought: string, path: string): Promise<void> {
  const file = await open(brought, constants.O_RDWR);
  await file.sync().finally(() => file.close());
  await rename(brought, path);
}

/**
 * Facts are only ever added: theirs takes the place of ours where it begins with ours. Where something
 * that they name is not here, the last line end is held back: so the next pull finds the file behind
 * and looks again.
 *
 * @returns false if theirs does not begin with ours, which then stays
 */
export async function placeFacts(brought: string, path: string, complete: boolean): Promise<boolean> {
  const theirs = await readFile(brought);
  const ours = await readFile(path).catch(() => Buffer.alloc(0));
  if (!theirs.subarray(0, ours.length).equals(ours)) return false;
  const endsLine = theirs.at(-1) === 0x0a;
  if (!complete && endsLine) await truncate(brought, Math.max(ours.length, theirs.length - 1));
  await placeNew(brought, path);
  return true;
}

/** Readers see by the folder's time that there is something new. */
export async function touchFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const now = new Date();
  utimesSync(folder, now, now);
  await syncDirectory(folder);
}
