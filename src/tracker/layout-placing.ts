import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../model/errors.ts';
import type { Warning } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import { logName, registryName, reposName } from './layout-names.ts';
import { type LayoutRegistry, readRegistries, registryText } from './layout-registry.ts';
import { copyTemporary, moveToFree, readSmallFile, type Standing, whatStands, writeTemporary } from './place-file.ts';

/** Whether what an earlier run has under the name is moved aside, or left where it is. */
type Manner = 'take-over' | 'leave';
type Entry = LayoutRegistry['files'][string];

/** Thousands of repositories and files. */
const longestRepos = 4 * 1024 * 1024;

/** Finds each file of a run's layout its place in the output directory, and remembers where. */
export class LayoutPlacing {
  /** What stands there for this run, by name. */
  readonly files: Record<string, Entry> = Object.create(null);
  readonly warnings: Warning[] = [];
  /** What an earlier call of this run wrote. */
  readonly own: LayoutRegistry | null;
  readonly #standing: LayoutRegistry | null;
  readonly #directory: string;
  readonly #run: RunId;
  readonly #prepared: Readonly<Record<string, Entry>>;

  private constructor(
    directory: string,
    run: RunId,
    prepared: Readonly<Record<string, Entry>>,
    { own, standing }: { own: LayoutRegistry | null; standing: LayoutRegistry | null },
  ) {
    this.#directory = directory;
    this.#run = run;
    this.#prepared = prepared;
    this.own = own;
    this.#standing = standing;
  }

  /** @param prepared what was laid out there for this run before it began, by name */
  static async open(
    directory: string,
    run: RunId,
    prepared: Readonly<Record<string, Entry>> = {},
  ): Promise<LayoutPlacing> {
    return new LayoutPlacing(directory, run, prepared, await readRegistries(directory, run));
  }

  /** @returns the name it has got, or null if there was no place for it; a warning says why */
  async content(name: string, read: () => Promise<Uint8Array>): Promise<string | null> {
    return this.#place(name, 'take-over', async (temporary) => writeTemporary(temporary, await read()));
  }

  /** A link to the log for as long as it is written. Once the copy stands, it stays. */
  async liveLog(path: string): Promise<void> {
    for (const candidate of this.#candidates(logName)) {
      const standing = await whatStands(join(this.#directory, candidate));
      if (standing.kind === 'file' && this.#isOwn(logName, candidate, standing)) {
        this.files[candidate] = { sha256: standing.sha256 };
        return;
      }
    }
    await this.#place(logName, 'take-over', (temporary) => replaceWithLink(path, temporary));
  }

  async logCopy(path: string): Promise<void> {
    await this.#place(logName, 'leave', (temporary) => copyTemporary(path, temporary));
  }

  /** Written last: it names all the others. */
  async registry(registry: Omit<LayoutRegistry, 'files'>): Promise<void> {
    const files = { ...this.own?.files, ...this.files };
    const content = registryText({ ...registry, files });
    await this.#place(registryName, 'take-over', (temporary) => writeTemporary(temporary, content));
  }

  async #place(name: string, manner: Manner, write: (temporary: string) => Promise<void>): Promise<string | null> {
    const temporary = join(this.#directory, `.spoor-${this.#run}.tmp`);
    try {
      await write(temporary);
      const entry = entryOf(await whatStands(temporary));
      for (const candidate of this.#candidates(name)) {
        if (!(await this.#settle(temporary, name, candidate, entry, manner))) continue;
        this.files[candidate] = entry;
        return candidate;
      }
      this.#warn('layout-name-taken', name, 'other files stand under its name', 'Rename them to have it written.');
    } catch (error) {
      this.#warn('layout-not-written', name, errorText(error), 'The record in Spoor is whole all the same.');
    } finally {
      await rm(temporary, { force: true }).catch(() => {});
    }
    return null;
  }

  /** Whether the file now stands under the candidate. */
  async #settle(temporary: string, name: string, candidate: string, entry: Entry, manner: Manner): Promise<boolean> {
    const path = join(this.#directory, candidate);
    const standing = await whatStands(path);
    if (isEntry(entry, standing)) return true;
    if (standing.kind === 'nothing') return moveToFree(temporary, path);
    if (this.#isOwn(name, candidate, standing) || (await this.#wasBrokenOff(name, path))) {
      await rename(temporary, path);
      return true;
    }
    if (candidate !== name) return false;
    const earlier = manner === 'take-over' ? this.#earlier : null;
    const isEarlier = earlier && (name === registryName || isEntry(earlier.files[name], standing));
    if (isEarlier && (await moveToFree(path, `${path}.${earlier.run}`))) return moveToFree(temporary, path);
    if (!this.#isAside) this.#leave(name);
    return false;
  }

  /** Written by this run, under its own name or where a later run has moved it, and not changed since. */
  #isOwn(name: string, candidate: string, standing: Standing): boolean {
    if (isEntry(this.#prepared[candidate], standing)) return true;
    if (!this.own) return false;
    if (name === registryName) return candidate === (this.#isAside ? `${name}.${this.#run}` : name);
    return isEntry(this.own.files[candidate], standing) || isEntry(this.own.files[name], standing);
  }

  /** Whether this run wrote it and was killed before the registry named it: `repos.git` says itself whose it is. */
  async #wasBrokenOff(name: string, path: string): Promise<boolean> {
    if (this.own !== null || name !== reposName) return false;
    const text = await readSmallFile(path, longestRepos);
    return text !== null && Buffer.from(text).includes(`\n[spoor]\n\tversion = 1\n\trun = ${this.#run}\n`);
  }

  /** A later run has the plain names. */
  get #isAside(): boolean {
    return this.own !== null && this.#standing?.run !== this.#run;
  }

  /** The run whose files may be moved aside; a run that has its place already moves nobody. */
  get #earlier(): LayoutRegistry | null {
    return this.own === null ? this.#standing : null;
  }

  #candidates(name: string): string[] {
    return [name, `${name}.${this.#run}`];
  }

  #leave(name: string): void {
    const hint = 'Give each run an output directory of its own to have the plain names.';
    this.#warn('layout-file-kept', name, `it is not Spoor's and stays; this run's is ${name}.${this.#run}`, hint);
  }

  #warn(code: string, name: string, what: string, hint: string): void {
    this.warnings.push({ code, message: `${join(this.#directory, name)}: ${what}`, hint });
  }
}

async function replaceWithLink(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

function entryOf(standing: Standing): Entry {
  if (standing.kind === 'file') return { sha256: standing.sha256 };
  if (standing.kind === 'link') return { link: standing.target };
  throw new Error('the temporary file has gone');
}

function isEntry(entry: Entry | undefined, standing: Standing): boolean {
  if (!entry) return false;
  if (standing.kind === 'file') return 'sha256' in entry && entry.sha256 === standing.sha256;
  return standing.kind === 'link' && 'link' in entry && entry.link === standing.target;
}
