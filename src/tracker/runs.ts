import { dirname, join } from 'node:path';
import { Catalog, openCatalog } from '../catalog/catalog.ts';
import { parseQuery } from '../catalog/query/parse.ts';
import { parseSort } from '../catalog/query/sort.ts';
import type { RunSummary } from '../catalog/row.ts';
import { processIdentity } from '../launch/identity.ts';
import type { Progress, Warning } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { tryLock } from '../store/lock.ts';
import type { Tell } from './events.ts';
import { livenessOf } from './liveness.ts';

/** The catalog of a home, caught up as far as nobody has to be waited for. */
export function openRuns(home: Home, tell: Tell = () => {}): Promise<Catalog> {
  return openCatalog(catalogOptions(home, tell));
}

/** Rebuilds the catalog from the run folders. @returns how many runs there are */
export async function reindexRuns(home: Home, tell: Tell): Promise<number> {
  const catalog = new Catalog(catalogOptions(home, tell));
  try {
    return await catalog.reindex();
  } finally {
    await catalog.close();
  }
}

function catalogOptions(home: Home, tell: Tell) {
  return {
    file: home.catalogFile,
    runs: home.runs,
    lock: async () => {
      const self = processIdentity(process.pid);
      return self && tryLock(join(dirname(home.catalogFile), 'catalog.lock'), self, livenessOf).catch(() => null);
    },
    onNotice: (warning: Warning) => tell({ type: 'warning', warning }),
    onProgress: (done: number, total: number) => tell({ type: 'progress', what: 'reading runs', done, total }),
  };
}

export interface ListRequest {
  /** The words of `spoor ls`. */
  query: readonly string[];
  sort: string;
  limit: number | null;
  now: Date;
}

export interface ListedRun extends RunSummary {
  /** Of a run that trains: what its log shows now. */
  progress: Progress | null;
}

/** Runs of which the query holds; those that train with the progress their logs show now. */
export async function listRuns(home: Home, request: ListRequest, tell: Tell): Promise<ListedRun[]> {
  const condition = parseQuery(request.query.map(asTerm).join(' '), request.now);
  const sort = parseSort(request.sort);
  const catalog = await openRuns(home, tell);
  try {
    const found = await catalog.list(condition, { sort, ...(request.limit === null ? {} : { limit: request.limit }) });
    return await Promise.all(
      found.map((row) => (row.status === 'running' ? withProgress(home, row) : { ...row, progress: null })),
    );
  } finally {
    await catalog.close();
  }
}

/** An argument with spaces was quoted for the shell: `name:a b` means `name:"a b"`, `grey wolf` the two words together. */
function asTerm(word: string): string {
  if (!/\s/.test(word) || word.includes('"')) return word;
  const [, field = '', value = ''] = /^(-?[\w.]+(?::|[<>!=]=?))?(.*)$/s.exec(word) ?? [];
  return `${field}"${value}"`;
}

async function withProgress(home: Home, row: RunSummary): Promise<ListedRun> {
  const { progressNow } = await import('./progress-now.ts');
  const { progress } = await progressNow(home, row.id, row.trainer);
  return {
    ...row,
    step: progress.step ?? row.step,
    total: progress.total ?? row.total,
    loss: progress.loss ?? row.loss,
    progress,
  };
}

/** Asks the catalog, caught up, and closes it. */
export async function withRuns<T>(home: Home, tell: Tell, ask: (catalog: Catalog) => Promise<T>): Promise<T> {
  const catalog = await openRuns(home, tell);
  try {
    return await ask(catalog);
  } finally {
    await catalog.close();
  }
}

/** The run that a RUN argument names. Errors: `run-not-found`, `run-ambiguous`. */
export async function findRun(home: Home, reference: string): Promise<RunId> {
  const catalog = await openRuns(home);
  try {
    return await catalog.find(reference);
  } finally {
    await catalog.close();
  }
}
