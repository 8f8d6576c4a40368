/** The catalog of a home, held open and caught up when something changed; one question after the other. */
import type { Catalog } from '../catalog/catalog.ts';
import { parseQuery } from '../catalog/query/parse.ts';
import { comparer, parseSort, type Sort } from '../catalog/query/sort.ts';
import type { RunSummary } from '../catalog/row.ts';
import { SpoorError } from '../model/errors.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { openRuns } from '../tracker/runs.ts';
import { oneByOne } from './guard/gate.ts';

/** What nobody told of (a network file system) is noticed after so many milliseconds. */
const staleAfter = 3000;
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
  #caughtUp = Number.NEGATIVE_INFINITY;
  #changed = true;
  /** Whole answers since the last change, the oldest first. */
  readonly #lists = new Map<string, RunSummary[]>();

  constructor(home: Home, now: () => Date) {
    this.#home = home;
    this.#now = now;
  }

  /** Some run's record is another than when it was last read. */
  markChanged(): void {
    this.#changed = true;
  }

  /** Asks the catalog, caught up. */
  ask<T>(question: (catalog: Catalog) => Promise<T>): Promise<T> {
    return this.#turn.through(async () => question(await this.#fresh()));
  }

  /** All runs that a query finds. Errors: `usage`, as `spoor ls`. */
  async all(query: string, sort = '-started'): Promise<RunSummary[]> {
    const condition = parseQuery(query, this.#now());
    const order = parseSort(sort);
    return this.ask(async (catalog) => {
      // What `since:7d` finds changes with the clock.
      const key = JSON.stringify([condition, order]);
      const known = this.#lists.get(key);
      if (known) return known;
      const rows = await catalog.list(condition, { sort: order });
      this.#lists.set(key, rows);
      const [oldest] = this.#lists.keys();
      if (this.#lists.size > mostLists && oldest !== undefined) this.#lists.delete(oldest);
      return rows;
    });
  }

  /** A page of them, beginning after the run that a cursor tells, wherever that stands by now. Errors: `usage`, `bad-cursor`. */
  async page(query: string, sort: string, limit: number, after: string | undefined): Promise<Page> {
    const all = await this.all(query, sort);
    const from = after === undefined ? 0 : placeAfter(all, cursorIn(after), parseSort(sort));
    const rows = all.slice(from, from + limit);
    const last = rows.at(-1);
    return { rows, next: last && from + limit < all.length ? cursorOf(last) : null, total: all.length };
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
    if (this.#catalog && !this.#changed && performance.now() - this.#caughtUp < staleAfter) return this.#catalog;
    // What changes from here on is caught up the next time.
    const wasTold = this.#changed;
    this.#changed = false;
    const before = this.#catalog?.revision;
    if (this.#catalog) await this.#catalog.catchUp();
    else this.#catalog = await openRuns(this.#home);
    this.#caughtUp = performance.now();
    if (wasTold || this.#catalog.revision !== before) this.#lists.clear();
    return this.#catalog;
  }
}

/** What the order looks at. */
type Placed = Pick<RunSummary, 'id' | 'startedAt' | 'name' | 'loss' | 'duration' | 'step'>;

function cursorOf({ id, startedAt, name, loss, duration, step }: RunSummary): string {
  const key: Placed = { id, startedAt, name: name.slice(0, 500), loss, duration, step };
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
