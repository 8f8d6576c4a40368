/**
 * `$SPOOR_HOME/trash`: what was removed and can be brought back. An entry is a directory that holds a
 * manifest and, as `content`, the directory that was removed. Its name tells its state:
 * `<id>` rests; `<id>.moving` is on its way in, `<id>.restoring` and `<id>.deleting` are on their way
 * out. Whatever a crash leaves in these three is settled by `settle` (docs/decisions/0011).
 *
 * At every moment either what is removed stands whole in its place, or the entry holds it whole.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, SpoorError } from '../model/errors.ts';
import type { RunId } from '../model/run-id.ts';
import { cannotWrite } from './cannot-write.ts';
import { makeDirectory, syncDirectory, writeDurably } from './durable.ts';
import type { Lock } from './lock.ts';
import { isTemporary, sweepDirectory } from './temporary.ts';
import {
  entryName,
  manifestText,
  type Pending,
  pending,
  readEntry,
  type TrashEntry,
  type TrashManifest,
  unfinished,
} from './trash-entry.ts';
import { bringBack, discard, finishTakingAway, isBack, removeTree, stands, takeAway } from './trash-moving.ts';

/** Told when it is true and durable, before the entry comes to rest or goes; told again after a crash. */
export type TrashEvent = 'removed' | 'restored' | 'deleted';

export interface TrashOptions {
  directory: string;
  /** Takes the lock of this path, or null where a living process has it. */
  lock(path: string): Promise<Lock | null>;
  told(event: TrashEvent, entry: TrashEntry): Promise<void>;
}

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
        const moved = await takeAway(manifest.from, content, entry.id, unchanged);
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
      await discard(restoring);
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
    const names = await this.#names();
    if (names.some(isTemporary)) await sweepDirectory(this.#options.directory, Date.now());
    for (const name of names) {
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
    if (state === 'deleting') {
      if (entry !== null) await this.#options.told('deleted', entry);
      await removeTree(at);
    } else if (entry === null) {
      // Its manifest is the first thing to come and the last to go.
      if (!(await stands(content))) await removeTree(at);
    } else if (state === 'moving') {
      if (!(await finishTakingAway(entry, content))) return removeTree(at);
      await this.#options.told('removed', { ...entry, content: this.#contentAt(id) });
      await this.#rename(at, this.#at(id));
    } else {
      if (!(await isBack(content, entry))) return this.#rename(at, this.#at(id));
      await this.#options.told('restored', entry);
      await discard(at);
    }
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

function inTheWay({ from, run, id }: TrashEntry): SpoorError {
  const hint = `Move it away, then again: spoor trash restore ${run ?? id}`;
  return new SpoorError('refused', 'in-the-way', `${from} is there already`, hint);
}
