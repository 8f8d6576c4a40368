/**
 * Answers questions over all runs. The database is only an index of the run folders: whatever happens
 * to it, the answers are the same, only slower.
 */
import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { SpoorError } from '../model/errors.ts';
import type { Warning } from '../model/facts.ts';
import type { RunFolders } from '../model/ports.ts';
import type { RunId } from '../model/run-id.ts';
import {
  CatalogUnusable,
  type LoadEngine,
  loadEngine,
  type OpenDatabase,
  openDatabase,
  setAside,
  unusable,
} from './database.ts';
import { isMadeBy, type MadeBy, type MadeFile } from './made.ts';
import type { Condition } from './query/condition.ts';
import { holds } from './query/predicate.ts';
import { comparer, latestFirst, type Sort } from './query/sort.ts';
import { readRow } from './read-row.ts';
import { madeRecordOf, recordOf, summarise } from './record.ts';
import { type Directory, resolveRun } from './resolve.ts';
import type { RunRow, RunSummary, Standing } from './row.ts';
import type { FoundRun, PassagesOf, WordQuery } from './words/passages.ts';

export interface CatalogOptions {
  /** `catalog.db`. */
  file: string;
  runs: RunFolders;
  /** Takes the right to write the catalog, or returns null at once. */
  lock(): Promise<{ release(): Promise<void> } | null>;
  /** Told what the user should know: that a corrupt catalog was set aside. */
  onNotice?: ((notice: Warning) => void) | undefined;
  /** Told how many folders have been read. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Told after each step that changed the catalog; tests kill the process there. */
  onStep?: ((step: string) => void) | undefined;
  engine?: LoadEngine | undefined;
}

export interface ListOptions {
  sort?: Sort;
  /** At most so many rows; all by default. */
  limit?: number;
}

/** Folders read between two commits, so that other readers soon find most rows. */
const batch = 500;

/** Opens the catalog and catches it up. Never waits for a lock, never fails because of the database. */
export async function openCatalog(options: CatalogOptions): Promise<Catalog> {
  const catalog = new Catalog(options);
  await catalog.catchUp();
  return catalog;
}

export class Catalog {
  readonly #options: CatalogOptions;
  #open: OpenDatabase | null = null;
  #stamps = new Map<RunId, string>();
  #revision = '';
  /** Rows that go before those of the database: changed, not ended, or all if there is no database. */
  #overlay = new Map<RunId, RunRow>();
  /** Whether the database has rows of runs that are gone, and how many. */
  #gone = 0;

  constructor(options: CatalogOptions) {
    this.#options = options;
  }

  /**
   * Reads the folders that changed. Under the lock they are written to the database; without it, or
   * without a database, they are only remembered. A run that has not ended is always read.
   */
  async catchUp(): Promise<void> {
    const { runs } = this.#options;
    this.#stamps = await runs.stamps();
    this.#revision = fingerprintOf(this.#stamps);
    const corrupt = await this.#openForReading();
    try {
      let changes = await this.#changes();
      if (changes === null || changes.changed.length > 0 || changes.removed.length > 0) {
        await this.#underLock(corrupt, async (db) => {
          // Another process may have written meanwhile.
          const { changed, removed } = (await this.#changes()) as Changes;
          await this.#write(db, changed, removed);
        });
        changes = await this.#changes();
      }
      await this.#overlayRest(changes);
    } catch (error) {
      await this.#without(error);
    }
  }

  /**
   * Reads only these runs anew, of which is known that they changed: the others are as they were. The
   * database is not written; the next catching up does that.
   */
  async refresh(ids: Iterable<RunId>): Promise<void> {
    const { runs } = this.#options;
    for (const id of ids) {
      const stamp = await runs.stamp(id);
      if (stamp !== null) {
        this.#stamps.set(id, stamp);
        this.#overlay.set(id, await readRow(runs, id));
      } else if (this.#stamps.delete(id)) {
        this.#overlay.delete(id);
        // Maybe: one too many only asks for a row more.
        this.#gone++;
      }
    }
    this.#revision = fingerprintOf(this.#stamps);
  }

  /** Of how many runs the condition holds. */
  async count(condition: Condition): Promise<number> {
    return this.#ask(async () => {
      const overlaid = [...this.#overlay.values()].filter((row) => holds(condition, row)).length;
      if (!this.#open) return overlaid;
      const { countRuns, idsAmong, listIds } = await import('./queries.ts');
      const { db } = this.#open;
      // What is overlaid counts as it is now; what is gone counts no more.
      const hidden = this.#gone === 0 ? [...this.#overlay.keys()] : null;
      if (hidden === null) return overlaid + (await listIds(db, condition)).filter((id) => this.#isStored(id)).length;
      return overlaid + (await countRuns(db, condition)) - (await idsAmong(db, condition, hidden)).length;
    });
  }

  /** Reads every folder anew. Errors: `busy` if another process has the catalog, `unavailable` without a database. */
  async reindex(): Promise<number> {
    this.#stamps = await this.#options.runs.stamps();
    this.#revision = fingerprintOf(this.#stamps);
    const corrupt = await this.#openForReading();
    const done = await this.#underLock(corrupt, async (db, { removeAll }) => {
      await removeAll(db);
      await (await import('./words/queries.ts')).removeAllWords(db);
      await this.#write(db, [...this.#stamps.keys()], []);
    });
    if (!done) {
      throw this.#open
        ? new SpoorError('busy', 'catalog-busy', 'another process is writing the catalog', 'Try again in a moment.')
        : new SpoorError(
            'unavailable',
            'no-catalog',
            `the catalog ${this.#options.file} cannot be made`,
            'Run `spoor doctor`.',
          );
    }
    await this.#overlayRest(await this.#changes());
    return this.#stamps.size;
  }

  /** Runs of which the condition holds. */
  async list(condition: Condition, { sort = latestFirst, limit = Infinity }: ListOptions = {}): Promise<RunSummary[]> {
    return this.#ask(async () => {
      const overlaid = [...this.#overlay.values()].filter((row) => holds(condition, row)).map(summarise);
      if (!this.#open) return overlaid.sort(comparer(sort)).slice(0, limit);
      const { listRuns } = await import('./queries.ts');
      // Those that the overlay hides are fetched in addition.
      const most = limit + this.#overlay.size + this.#gone;
      const stored = (await listRuns(this.#open.db, condition, sort, most)).filter(({ id }) => this.#isStored(id));
      if (overlaid.length === 0) return stored.slice(0, limit);
      return [...stored, ...overlaid].sort(comparer(sort)).slice(0, limit);
    });
  }

  /** Of the same runs what families are counted by, the latest first: much less than rows where there are many. */
  async standings(condition: Condition): Promise<Standing[]> {
    return this.#ask(async () => {
      const overlaid = [...this.#overlay.values()].filter((row) => holds(condition, row)).map(standingOf);
      if (!this.#open) return overlaid.sort(latestStanding);
      const { listStandings } = await import('./queries.ts');
      const stored = (await listStandings(this.#open.db, condition)).filter(({ id }) => this.#isStored(id));
      return [...stored, ...overlaid].sort(latestStanding);
    });
  }

  /** What a list shows of runs, of those that are there. */
  async summaries(ids: readonly RunId[]): Promise<Map<RunId, RunSummary>> {
    return this.#ask(async () => {
      const found = new Map<RunId, RunSummary>();
      const stored = ids.filter((id) => this.#isStored(id));
      if (this.#open && stored.length > 0) {
        const { summariesOf } = await import('./queries.ts');
        for (const row of await summariesOf(this.#open.db, stored)) found.set(row.id, row);
      }
      for (const id of ids) {
        const row = this.#overlay.get(id);
        if (row) found.set(id, summarise(row));
      }
      return found;
    });
  }

  /** Files that runs made, by any of the keys. */
  async made(by: MadeBy): Promise<MadeFile[]> {
    return this.#ask(async () => {
      const overlaid = [...this.#overlay.values()].flatMap(({ made }) => made).filter(isMadeBy(by));
      if (!this.#open) return overlaid;
      const { madeBy } = await import('./queries.ts');
      const stored = await madeBy(this.#open.db, by);
      return [...stored.filter(({ run }) => this.#isStored(run)), ...overlaid];
    });
  }

  /** The settings by which runs are searched, of those that are there. */
  async settings(ids: readonly RunId[]): Promise<Map<RunId, RunRow['settings']>> {
    return this.#ask(async () => {
      const found = new Map<RunId, RunRow['settings']>();
      const stored = ids.filter((id) => this.#isStored(id));
      if (this.#open && stored.length > 0) {
        const { settingsOf } = await import('./queries.ts');
        for (const { id, settings } of await settingsOf(this.#open.db, stored)) found.set(id, JSON.parse(settings));
      }
      for (const id of ids) {
        const row = this.#overlay.get(id);
        if (row) found.set(id, row.settings);
      }
      return found;
    });
  }

  /** Runs that made the largest files, the largest first. */
  async largest(most: number): Promise<{ run: RunId; files: number; bytes: number }[]> {
    return this.#ask(async () => {
      const sizes = [...this.#overlay.values()].map(({ id, made }) => ({
        run: id,
        files: made.length,
        bytes: made.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
      }));
      if (this.#open) {
        const { largestRuns } = await import('./queries.ts');
        const stored = await largestRuns(this.#open.db, most + this.#overlay.size + this.#gone);
        sizes.push(...stored.filter(({ run }) => this.#isStored(run)));
      }
      return sizes.sort((a, b) => b.bytes - a.bytes).slice(0, most);
    });
  }

  /** The names of runs, for those that are there. */
  async names(ids: readonly RunId[]): Promise<Map<RunId, { name: string; startedAt: string; endedAt: string | null }>> {
    return this.#ask(async () => {
      const wanted = new Set(ids);
      const rows: Pick<RunSummary, 'id' | 'name' | 'startedAt' | 'endedAt'>[] = [...this.#overlay.values()];
      if (this.#open) rows.push(...(await (await import('./queries.ts')).namesOf(this.#open.db, [...wanted])));
      const known = rows.filter(({ id }) => wanted.has(id)).reverse();
      return new Map(known.map(({ id, name, startedAt, endedAt }) => [id, { name, startedAt, endedAt }]));
    });
  }

  /** The run that a RUN argument names. Errors: `not-found`. */
  async find(reference: string): Promise<RunId> {
    return resolveRun(reference, this.#directory());
  }

  /** Runs with texts that hold the words, the latest first; texts that changed are read before, if nobody else writes. */
  async search(query: WordQuery, passagesOf: PassagesOf): Promise<FoundRun[]> {
    return this.#ask(async () => {
      const behind = await this.#catchUpWords(passagesOf);
      const found: FoundRun[] = [];
      if (this.#open) {
        const { searchWords } = await import('./words/queries.ts');
        const stored = await searchWords(this.#open.db, { ...query, limit: query.limit + behind.size + this.#gone });
        found.push(...stored.filter(({ id }) => this.#stamps.has(id) && !behind.has(id)));
      }
      const { searchRun } = await import('./words/without-database.ts');
      for (const [id, name] of behind) {
        const run = await searchRun(id, name, passagesOf, query);
        if (run) found.push(run);
      }
      return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, query.limit);
    });
  }

  /** @returns runs whose texts the database does not have, with their names */
  async #catchUpWords(passagesOf: PassagesOf): Promise<Map<RunId, string>> {
    const { runsBehind, putWords, sweepWords } = await import('./words/queries.ts');
    const unstored = () => new Map([...this.#overlay.values()].map(({ id, name }) => [id, name]));
    if (!this.#open) return unstored();
    if ((await runsBehind(this.#open.db)).length === 0 && this.#gone === 0) return unstored();
    await this.#underLock(null, async (db) => {
      const behind = await runsBehind(db);
      for (const [done, { id, stamp }] of behind.entries()) {
        await putWords(db, id, stamp, await passagesOf(id));
        this.#options.onProgress?.(done, behind.length);
      }
      await sweepWords(db);
    });
    if (!this.#open) return unstored();
    const rest = await runsBehind(this.#open.db);
    const names = new Map(rest.map(({ id, name }) => [id, name]));
    return new Map([...names, ...unstored()]);
  }

  /** All folders as they were when they were last caught up, each with what tells its changes. */
  stamps(): Map<RunId, string> {
    return new Map(this.#stamps);
  }

  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = null;
  }

  #directory(): Directory {
    const overlaid = () => [...this.#overlay.values()];
    return {
      ids: [...this.#stamps.keys()].sort().reverse(),
      named: (name) =>
        this.#ask(async () => {
          const ids = overlaid().flatMap((row) => (row.name === name ? [row.id] : []));
          if (this.#open) {
            const { idsNamed } = await import('./queries.ts');
            ids.push(...(await idsNamed(this.#open.db, name)).filter((id) => this.#isStored(id)));
          }
          return ids.sort().reverse();
        }),
      names: () =>
        this.#ask(async () => {
          const names = overlaid().map((row) => row.name);
          if (this.#open) names.push(...(await (await import('./queries.ts')).allNames(this.#open.db)));
          return names;
        }),
    };
  }

  #isStored(id: RunId): boolean {
    return this.#stamps.has(id) && !this.#overlay.has(id);
  }

  /** Answers; if the database fails under the question, repairs it or does without, and answers again. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (!this.#open || error instanceof SpoorError) throw error;
      await this.#without(error);
      return question();
    }
  }

  /** Opens what is there. Returns which file is corrupt, if it is. */
  async #openForReading(): Promise<CorruptFile | null> {
    if (this.#open) return null;
    const { file, engine = loadEngine, onNotice } = this.#options;
    try {
      this.#open = await openDatabase(file, false, engine);
      return null;
    } catch (error) {
      const { reason } = unusable(error);
      if (reason === 'newer') {
        const hint = 'Update Spoor. Until then the folders are read, which is slower.';
        onNotice?.({ code: 'catalog-newer', message: `${file} was made by a newer Spoor`, hint });
      }
      return reason === 'corrupt' ? inodeOf(file) : null;
    }
  }

  /** Does what writes, if the lock is free and the database can be opened. Returns whether it was done. */
  async #underLock(
    corrupt: CorruptFile | null,
    work: (db: OpenDatabase['db'], queries: typeof import('./queries.ts')) => Promise<void>,
  ): Promise<boolean> {
    const { file, engine = loadEngine, onNotice, onStep } = this.#options;
    // A home that cannot be written has no lock to take.
    const lock = await this.#options.lock().catch(() => null);
    if (!lock) return false;
    try {
      // Another process may have rebuilt it meanwhile.
      if (corrupt !== null && corrupt === (await inodeOf(file))) {
        const aside = await setAside(file);
        onStep?.('set-aside');
        const message = `the catalog was corrupt; it is set aside as ${aside} and rebuilt`;
        onNotice?.({ code: 'catalog-corrupt', message, hint: 'Your runs are safe: it is only an index of them.' });
      }
      await this.close();
      this.#open = await openDatabase(file, true, engine);
      onStep?.('opened');
      await work(this.#open.db, await import('./queries.ts'));
      return true;
    } catch (error) {
      if (error instanceof CatalogUnusable) return false;
      throw error;
    } finally {
      await lock.release();
    }
  }

  /** How the folders differ from the database; null without one. */
  async #changes(): Promise<Changes | null> {
    if (!this.#open) return null;
    const { caughtUpTo, knownRuns, runningRuns } = await import('./queries.ts');
    const { db } = this.#open;
    const running = await runningRuns(db);
    // Mostly nothing changed: one comparison instead of one for each run.
    if ((await caughtUpTo(db)) === this.#revision) return { changed: [], removed: [], running };
    const stored = new Map((await knownRuns(db)).map(({ id, stamp }) => [id, stamp]));
    return {
      changed: [...this.#stamps].filter(([id, stamp]) => stored.get(id) !== stamp).map(([id]) => id),
      removed: [...stored.keys()].filter((id) => !this.#stamps.has(id)),
      running,
    };
  }

  async #write(db: OpenDatabase['db'], changed: readonly RunId[], removed: readonly RunId[]): Promise<void> {
    const { replaceRuns } = await import('./queries.ts');
    let at = 0;
    do {
      const records = [];
      for (const id of changed.slice(at, at + batch)) {
        const row = await readRow(this.#options.runs, id);
        const record = recordOf(row, this.#stamps.get(id) as string);
        records.push({ record, made: row.made.map(madeRecordOf) });
      }
      const complete = at + batch >= changed.length;
      await replaceRuns(db, records, at === 0 ? removed : [], complete ? this.#revision : null);
      this.#options.onStep?.('batch');
      at += batch;
      this.#options.onProgress?.(Math.min(at, changed.length), changed.length);
    } while (at < changed.length);
  }

  /** Reads what the database does not know or cannot be trusted with. */
  async #overlayRest(changes: Changes | null): Promise<void> {
    const ids = changes ? new Set([...changes.changed, ...changes.running]) : new Set(this.#stamps.keys());
    this.#gone = changes?.removed.length ?? 0;
    const overlay = new Map<RunId, RunRow>();
    for (const id of ids) {
      if (!this.#stamps.has(id)) continue;
      overlay.set(id, await readRow(this.#options.runs, id));
      if (overlay.size % batch === 0) this.#options.onProgress?.(overlay.size, ids.size);
    }
    this.#overlay = overlay;
  }

  /** The database failed under use: a corrupt one is rebuilt if it may be; else the folders answer. */
  async #without(error: unknown): Promise<void> {
    const { reason } = unusable(error);
    await this.close().catch(() => {});
    if (reason === 'corrupt') {
      const rebuilt = await this.#underLock(await inodeOf(this.#options.file), (db) =>
        this.#write(db, [...this.#stamps.keys()], []),
      ).catch(() => false);
      if (!rebuilt) await this.close().catch(() => {});
    }
    await this.#overlayRest(await this.#changes());
  }
}

function standingOf({ id, family, status, verdict, startedAt }: RunRow): Standing {
  return { id, family, status, verdict, startedAt };
}

/** As `comparer(latestFirst)`: instants are ASCII, whose order is that of their bytes. */
function latestStanding(a: Standing, b: Standing): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

function fingerprintOf(stamps: ReadonlyMap<RunId, string>): string {
  let text = '';
  for (const [id, stamp] of stamps) text += `${id} ${stamp}\n`;
  return hash('sha256', text, 'hex');
}

/** Inode of a catalog that was found corrupt. */
type CorruptFile = bigint;

async function inodeOf(file: string): Promise<CorruptFile | null> {
  return stat(file, { bigint: true }).then(
    ({ ino }) => ino,
    () => null,
  );
}

interface Changes {
  changed: RunId[];
  removed: RunId[];
  /** Not ended when they were last read. */
  running: RunId[];
}
