/**
 * `$SPOOR_HOME/trash`: what was removed and can be brought back. An entry is a directory that holds a
 * manifest and, as `content`, the directory that was removed. Its name tells its state:
 * `<id>` rests; `<id>.moving` is on its way in, `<id>.restoring` and `<id>.deleting` are on their way
 * out. Whatever a crash leaves in these three is settled by `settle` (docs/decisions/0010).
 *
 * At every moment either what is removed stands whole in its place, or the entry holds it whole.
 */
import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, SpoorError } from '../model/errors.ts';
import { isRunId, type RunId } from '../model/run-id.ts';
import { cannotWrite } from './cannot-write.ts';
import { copyTree, sameTree } from './copy-tree.ts';
import { makeDirectory, syncDirectory, writeDurably } from './durable.ts';
import type { Lock } from './lock.ts';

export interface TrashManifest {
  version: 1;
  /** `output`: a run's output directory. `record`: its folder in Spoor's home. */
  kind: 'output' | 'record';
  /** Of which run; null for a directory that was made for a run that never began. */
  run: RunId | null;
  /** The run's full name, else the directory's. */
  name: string;
  /** Absolute: where it stood. */
  from: string;
  /** UTC, ISO 8601. */
  at: string;
  host: string;
  /** Why it was removed. */
  reason: string;
  files: number;
  bytes: number;
}

export interface TrashEntry extends TrashManifest {
  /** `01K…XYZ.output`; what names it where no run does. */
  id: string;
  /** The directory that was removed. */
  content: string;
}

/** Told when it is true and durable, before the entry comes to rest or goes; told again after a crash. */
export type TrashEvent = 'removed' | 'restored' | 'deleted';

export interface TrashOptions {
  directory: string;
  /** Takes the lock of this path, or null where a living process has it. */
  lock(path: string): Promise<Lock | null>;
  told(event: TrashEvent, entry: TrashEntry): Promise<void>;
}

const entryName = /^[0-9A-HJKMNP-TV-Z]{26}\.(?:output|record)(?:\.\d+)?$/;
const pending = ['moving', 'restoring', 'deleting'] as const;
type Pending = (typeof pending)[number];

export class Trash {
  readonly #options: TrashOptions;

  constructor(options: TrashOptions) {
    this.#options = options;
  }

  /** What rests in the trash, in order of ids. Without a trash, nothing. */
  async list(): Promise<TrashEntry[]> {
    const names = (await this.#names()).filter((name) => entryName.test(name)).sort();
    const entries = await Promise.all(names.map((id) => readEntry(id, this.#at(id))));
    return entries.filter((entry) => entry !== null);
  }

  /**
   * Moves a directory to the trash: by renaming, or across file systems by a copy that is compared before
   * the original goes.
   *
   * @param id of the run, or one made up for a directory without a run
   * @param unchanged asked once nobody finds the directory by its name any more; if false, it is put back
   * @returns null if it was put back. Errors: `cannot-write`, `trash-busy`; the directory stands whole then
   */
  async put(
    id: RunId,
    manifest: TrashManifest,
    unchanged: (at: string) => Promise<boolean>,
  ): Promise<TrashEntry | null> {
    await makeDirectory(this.#options.directory);
    const entry = await this.#free(id, manifest);
    return this.#locked(entry.id, async () => {
      const moving = this.#at(entry.id, 'moving');
      try {
        await mkdir(moving, { mode: 0o700 });
        await writeDurably(join(moving, 'manifest.json'), manifestText(manifest));
        await syncDirectory(this.#options.directory);
        const content = join(moving, 'content');
        const moved = await this.#takeAway(manifest.from, content, entry.id, unchanged);
        if (!moved) return null;
        await this.#options.told('removed', { ...entry, content: this.#contentAt(entry.id) });
        await this.#rename(moving, this.#at(entry.id));
        return entry;
      } catch (error) {
        throw cannotWrite(manifest.from, error);
      } finally {
        if (!(await stands(join(moving, 'content'))))
          await rm(moving, { recursive: true, force: true }).catch(() => {});
      }
    });
  }

  /**
   * Puts an entry back where it was. Errors: `in-the-way` if something is there now, `trash-busy`,
   * `cannot-write`; then it is in the trash still.
   */
  async restore(entry: TrashEntry): Promise<void> {
    await this.#locked(entry.id, async () => {
      if (await stands(entry.from)) throw inTheWay(entry);
      const restoring = this.#at(entry.id, 'restoring');
      try {
        await mkdir(dirname(entry.from), { recursive: true });
        await this.#rename(this.#at(entry.id), restoring);
        await bringBack(join(restoring, 'content'), entry);
      } catch (error) {
        if (await stands(join(restoring, 'content'))) await this.#rename(restoring, this.#at(entry.id)).catch(() => {});
        throw cannotWrite(entry.from, error);
      }
      await this.#options.told('restored', entry);
      await removeTree(restoring);
    });
  }

  /** Deletes an entry for good. Errors: `trash-busy`, `cannot-write`. */
  async delete(entry: TrashEntry): Promise<void> {
    await this.#locked(entry.id, async () => {
      const deleting = this.#at(entry.id, 'deleting');
      await this.#rename(this.#at(entry.id), deleting);
      await this.#options.told('deleted', entry);
      await removeTree(deleting);
    });
  }

  /** Finishes, or takes back, what a crash has left half done. What a living process is at is left to it. */
  async settle(): Promise<void> {
    for (const name of await this.#names()) {
      const [id, state] = unfinished(name);
      if (id === null) continue;
      const lock = await this.#options.lock(this.#at(id, 'lock'));
      if (!lock) continue;
      try {
        if (await stands(this.#at(id, state))) await this.#settleOne(id, state);
      } finally {
        await lock.release();
      }
    }
  }

  async #settleOne(id: string, state: Pending): Promise<void> {
    const at = this.#at(id, state);
    const entry = await readEntry(id, at);
    const content = join(at, 'content');
    if (entry === null || state === 'deleting') {
      // An entry without a manifest has no content yet, or none any more.
      if (entry !== null) await this.#options.told('deleted', entry);
      if (entry !== null || !(await stands(content))) await removeTree(at);
    } else if (state === 'moving') {
      if (!(await finishTakingAway(entry, content))) return removeTree(at);
      await this.#options.told('removed', { ...entry, content: this.#contentAt(id) });
      await this.#rename(at, this.#at(id));
    } else {
      if (!(await isBack(content, entry))) return this.#rename(at, this.#at(id));
      await this.#options.told('restored', entry);
      await removeTree(at);
    }
  }

  /** @returns whether `content` holds it now; else it stands where it was */
  async #takeAway(from: string, content: string, id: string, unchanged: (at: string) => Promise<boolean>) {
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

  async #free(id: RunId, manifest: TrashManifest): Promise<TrashEntry> {
    const names = await this.#names();
    for (let number = 1; ; number++) {
      const free = `${id}.${manifest.kind}${number === 1 ? '' : `.${number}`}`;
      if (names.some((name) => name === free || pending.some((state) => name === `${free}.${state}`))) continue;
      return { ...manifest, id: free, content: this.#contentAt(free) };
    }
  }

  async #locked<T>(id: string, work: () => Promise<T>): Promise<T> {
    const lock = await this.#options.lock(this.#at(id, 'lock'));
    if (!lock) throw new SpoorError('busy', 'trash-busy', `another process is at ${this.#at(id)}`, 'Try again.');
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  async #rename(from: string, to: string): Promise<void> {
    try {
      await rename(from, to);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw cannotWrite(to, error);
      throw new SpoorError('not-found', 'not-in-trash', `${from} is gone`, 'spoor trash ls shows what is there.');
    }
    await syncDirectory(this.#options.directory);
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#options.directory);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw cannotWrite(this.#options.directory, error);
    }
  }

  #at(id: string, state?: Pending | 'lock'): string {
    return join(this.#options.directory, state === undefined ? id : `${id}.${state}`);
  }

  #contentAt(id: string): string {
    return join(this.#at(id), 'content');
  }
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

/** After a crash. @returns whether `content` holds it now; else it stands where it was */
async function finishTakingAway(entry: TrashEntry, content: string): Promise<boolean> {
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

async function bringBack(content: string, { from, id }: TrashEntry): Promise<void> {
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

/** After a crash: whether it stands in its place again, so that the entry may go. */
async function isBack(content: string, entry: TrashEntry): Promise<boolean> {
  await removeTree(growing(entry.from, entry.id));
  return !(await stands(content)) || (await sameTree(content, entry.from));
}

/** @returns false, with nothing moved, if something stands there */
async function putBack(from: string, to: string): Promise<boolean> {
  if (await stands(to)) return false;
  await rename(from, to);
  await syncDirectory(dirname(to));
  return true;
}

async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

async function readEntry(id: string, at: string): Promise<TrashEntry | null> {
  try {
    const manifest = JSON.parse(await readFile(join(at, 'manifest.json'), 'utf8')) as TrashManifest;
    if (manifest.version !== 1 || typeof manifest.from !== 'string' || typeof manifest.at !== 'string') return null;
    if (manifest.run !== null && !isRunId(manifest.run)) return null;
    return { ...manifest, id, content: join(at, 'content') };
  } catch {
    return null;
  }
}

function manifestText(manifest: TrashManifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

function unfinished(name: string): [id: string, state: Pending] | [null, null] {
  for (const state of pending) {
    const id = name.endsWith(`.${state}`) ? name.slice(0, -state.length - 1) : '';
    if (entryName.test(id)) return [id, state];
  }
  return [null, null];
}

async function stands(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function inTheWay({ from, run, id }: TrashEntry): SpoorError {
  const hint = `Move it away, then again: spoor trash restore ${run ?? id}`;
  return new SpoorError('refused', 'in-the-way', `${from} is there already`, hint);
}
