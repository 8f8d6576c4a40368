/**
 * How a directory goes into an entry of the trash and back: by renaming, or across file systems by a copy
 * that is compared before the original goes. Each may be killed at any moment; `finishTakingAway` and `isBack` tell what
 * was left and settle it.
 */
import { lstat, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, SpoorError } from '../model/errors.ts';
import { cannotWrite } from './cannot-write.ts';
import { copyTree, sameTree } from './copy-tree.ts';
import { syncDirectory } from './durable.ts';
import type { TrashEntry } from './trash-entry.ts';

/**
 * Moves what stands at `from` to `content`, unless it is found changed once nobody finds it by its name.
 * @param id of the entry
 * @returns whether `content` holds it now; else it stands where it was
 */
export async function takeAway(
  from: string,
  content: string,
  id: string,
  unchanged: (at: string) => Promise<boolean>,
): Promise<boolean> {
  try {
    await rename(from, content);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    return copyAway(from, content, aside(from, id), unchanged);
  }
  if (!(await unchanged(content)) && (await putBack(content, from))) return false;
  await syncDirectory(dirname(content));
  await syncDirectory(dirname(from));
  return true;
}

/** Where the original waits to be removed, beside its place, once the trash holds a copy. */
const aside = (from: string, id: string) => join(dirname(from), `.spoor-removed-${id}`);
/** Where a copy grows that shall be restored. */
const growing = (from: string, id: string) => join(dirname(from), `.spoor-restored-${id}`);

async function copyAway(from: string, content: string, waiting: string, unchanged: (at: string) => Promise<boolean>) {
  const part = `${content}.part`;
  try {
    await copyTree(from, part);
    if (!(await sameTree(from, part))) return false;
    await rename(from, waiting);
    const same = await sameTree(waiting, part);
    if (!(same && (await unchanged(waiting))) && (await putBack(waiting, from))) return false;
    if (!same) throw new SpoorError('corrupt', 'trash-incomplete', `${waiting} was to go to the trash`, keepIt);
    await rename(part, content);
    await syncDirectory(dirname(content));
    await removeTree(waiting);
    return true;
  } finally {
    await removeTree(part).catch(() => {});
  }
}

const keepIt = 'Something new stands in its old place: give it another name.';

/** After a crash in `takeAway`. @returns whether `content` holds it now; else it stands where it was */
export async function finishTakingAway(entry: TrashEntry, content: string): Promise<boolean> {
  const waiting = aside(entry.from, entry.id);
  if (await stands(content)) {
    await removeTree(waiting);
    return true;
  }
  if (!(await stands(waiting))) return false;
  if (await putBack(waiting, entry.from)) return false;
  // Something new stands in its place: the original is kept as the entry, from the copy that was compared.
  if (!(await sameTree(waiting, `${content}.part`))) {
    throw new SpoorError('corrupt', 'trash-incomplete', `${waiting} was to go to the trash`, keepIt);
  }
  await rename(`${content}.part`, content);
  await syncDirectory(dirname(content));
  await removeTree(waiting);
  return true;
}

/** Puts the content of an entry where it was. */
export async function bringBack(content: string, { from, id }: TrashEntry): Promise<void> {
  try {
    await rename(content, from);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    const copy = growing(from, id);
    try {
      await copyTree(content, copy);
      if (!(await sameTree(content, copy))) throw new Error(`the copy of ${content} is not the same`);
      if (!(await putBack(copy, from))) throw new Error(`${from} was made meanwhile`);
    } finally {
      await removeTree(copy).catch(() => {});
    }
  }
  await syncDirectory(dirname(from));
}

/** After a crash in `bringBack`: whether it stands in its place again, so that the entry may go. */
export async function isBack(content: string, entry: TrashEntry): Promise<boolean> {
  await removeTree(growing(entry.from, entry.id));
  return !(await stands(content)) || (await sameTree(content, entry.from));
}

/** Removes an entry whose content is back. A copy that is half removed is no longer its content. */
export async function discard(entry: string): Promise<void> {
  const content = join(entry, 'content');
  if (await stands(content)) await rename(content, `${content}.copied`);
  await removeTree(entry);
}

/** @returns false, with nothing moved, if something stands there */
async function putBack(from: string, to: string): Promise<boolean> {
  if (await stands(to)) return false;
  await rename(from, to);
  await syncDirectory(dirname(to));
  return true;
}

export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

export async function stands(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
