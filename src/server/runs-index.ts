/** The catalog of a home, held open and caught up when something changed; one question after the other. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Condition } from '../catalog/query/condition.ts';
import { parseQuery } from '../catalog/query/parse.ts';
import { comparer, parseSort, type Sort } from '../catalog/query/sort.ts';
import type { RunSummary } from '../catalog/row.ts';
import { SpoorError } from '../model/errors.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { openRuns } from '../tracker/runs.ts';
import { oneByOne } from './guard/gate.ts';

/** More runs than this that changed are worth a catching up, which writes the catalog. */
const mostRefreshed = 200;
const mostLists = 16;

export interface Page {
  rows: RunSummary[];
  next: string | null;
  total: number;
}

export class RunsIndex {
  readonly #home: Home;
  readonly #now: () => Date;
  readonly #turn = oneByOne();
  #catalog: Catalog | null = null;
  /** Runs that changed since the last question; null where nobody knows which. */
  #changed: Set<RunId> | null = null;
  #refreshed = 0;
  /** Whole answers since the last change, the oldest first. */
  readonly #lists = new Map<string, RunSummary[]>();
  readonly #answers = new Map<string, unknown>();

  constructor(home: Home, now: () => Date) {
    this.#home = home;
    this.#now = now;
  }

  /** Runs' records are others than when they were last read; without ids any may be. */
  markChanged(ids?: readonly RunId[]): void {
    if (ids === undefined) this.#changed = null;
    else for (const id of ids) this.#changed?.add(id);
  }

  /** Asks the catalog, caught up. */
  ask<T>(question: (catalog: Catalog) => Promise<T>): Promise<T> {
    return this.#turn.through(async () => question(await this.#fresh()));
  }

  /** All runs that a query finds. Errors: `usage`, as `spoor ls`. */
  async all(query: string, sort = '-started'): Promise<RunSummary[]> {
    const { condition, order, key } = this.#asked(query, sort);
    return this.ask(async (catalog) => {
      const known = this.#lists.get(key);
      if (known) return known;
      const rows = await catalog.list(condition, { sort: order });
      keep(this.#lists, key, rows);
      return rows;
    });
  }

  /** A page of them, beginning after the run that a cursor tells, wherever that stands by now. Errors: `usage`, `bad-cursor`. */
  async page(query: string, sort: string, limit: number, after: string | undefined): Promise<Page> {
    if (after === undefined) return this.#firstPage(query, sort, limit);
    const place = cursorIn(after);
    const all = await this.all(query, sort);
    const from = placeAfter(all, place, parseSort(sort));
    return pageOf(all.slice(from, from + limit), from + limit < all.length, all.length);
  }

  /** Without all that come after it. */
  async #firstPage(query: string, sort: string, limit: number): Promise<Page> {
    const { condition, order, key } = this.#asked(query, sort);
    return this.#kept(`page ${limit} ${key}`, async (catalog) => {
      const known = this.#lists.get(key);
      if (known) return pageOf(known.slice(0, limit), limit < known.length, known.length);
      const [rows, total] = [await catalog.list(condition, { sort: order, limit }), await catalog.count(condition)];
      return pageOf(rows, rows.length < total, total);
    });
  }

  /**
   * Some of them by their number in the order; with `grouped` families stand together, where the first run of each stands.
   * Errors: `usage`.
   */
  async slice(query: string, sort: string, grouped: boolean, from: number, limit: number): Promise<Page> {
    const sorted = await this.#sorted(query, sort);
    const ordered = grouped ? await this.about(`grouped ${sort}`, query, async () => together(sorted)) : sorted;
    const ids = ordered.slice(from, from + limit).map(({ id }) => id);
    const found = await this.ask((catalog) => catalog.summaries(ids));
    return { rows: ids.flatMap((id) => found.get(id) ?? []), next: null, total: ordered.length };
  }

  /** Names of the families of all that a query finds, in the order in which the first run of each stands. Errors: `usage`. */
  async families(query: string, sort: string): Promise<string[]> {
    return [...new Set((await this.#sorted(query, sort)).map(({ family }) => family))];
  }

  /** In their order as little of each as there is. */
  async #sorted(query: string, sort: string): Promise<readonly { id: RunId; family: string }[]> {
    const { order } = this.#asked(query, sort);
    return order.by === 'started' && order.descending
      ? this.about('standings', query, (catalog, all) => catalog.standings(all))
      : this.all(query, sort);
  }

  /** An answer about all runs that a query finds, which is made once until something changes. Errors: `usage`. */
  about<T>(what: string, query: string, make: (catalog: Catalog, condition: Condition) => Promise<T>): Promise<T> {
    const { condition, key } = this.#asked(query, '-started');
    return this.#kept(`${what} ${key}`, (catalog) => make(catalog, condition));
  }

  #kept<T>(key: string, make: (catalog: Catalog) => Promise<T>): Promise<T> {
    return this.ask(async (catalog) => {
      const held = this.#answers.get(key);
      if (held !== undefined) return held as T;
      const made = await make(catalog);
      keep(this.#answers, key, made);
      return made;
    });
  }

  #asked(query: string, sort: string) {
    const condition = parseQuery(query, this.#now());
    const order = parseSort(sort);
    // What `since:7d` finds changes with the clock.
    return { condition, order, key: JSON.stringify([condition, order]) };
  }

  find(reference: string): Promise<RunId> {
    return this.ask((catalog) => catalog.find(reference));
  }

  async close(): Promise<void> {
    await this.#turn.through(async () => {
      await this.#catalog?.close();
      this.#catalog = null;
    });
  }

  async #fresh(): Promise<Catalog> {
    // What changes from here on is caught up the next time.
    const changed = this.#changed;
    this.#changed = new Set();
    if (this.#catalog && changed?.size === 0) return this.#catalog;
    this.#lists.clear();
    this.#answers.clear();
    try {
      if (!this.#catalog) this.#catalog = await openRuns(this.#home);
      else if (changed === null || this.#refreshed + changed.size > mostRefreshed) {
        this.#refreshed = 0;
        await this.#catalog.catchUp();
      } else {
        this.#refreshed += changed.size;
        await this.#catalog.refresh(changed);
      }
    } catch (error) {
      this.#changed = null;
      throw error;
    }
    return this.#catalog;
  }
}

/** Families in the order in which the first run of each stands, each with its runs in theirs. */
function together<T extends { family: string }>(sorted: readonly T[]): T[] {
  return [...Map.groupBy(sorted, ({ family }) => family).values()].flat();
}

/** The oldest go. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > mostLists && oldest !== undefined) map.delete(oldest);
}

function pageOf(rows: RunSummary[], more: boolean, total: number): Page {
  const last = rows.at(-1);
  return { rows, next: more && last ? cursorOf(last) : null, total };
}

/** What the order looks at. */
type Placed = Pick<RunSummary, 'id' | 'startedAt' | 'name' | 'loss' | 'duration' | 'step' | 'stars' | 'verdict'>;

function cursorOf({ id, startedAt, name, loss, duration, step, stars, verdict }: RunSummary): string {
  const key: Placed = { id, startedAt, name: name.slice(0, 500), loss, duration, step, stars, verdict };
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function cursorIn(text: string): Placed {
  try {
    const key = JSON.parse(Buffer.from(text, 'base64url').toString()) as Placed;
    if (typeof key.id === 'string' && typeof key.startedAt === 'string' && typeof key.name === 'string') return key;
  } catch {
    // Said below.
  }
  throw new SpoorError('usage', 'bad-cursor', 'the cursor is none that this server gave', 'Begin again without it.');
}

/** Index of the first run that comes after a place in the order. */
function placeAfter(all: readonly RunSummary[], place: Placed, sort: Sort): number {
  const compare = comparer(sort);
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(all[middle] as RunSummary, place as RunSummary) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
