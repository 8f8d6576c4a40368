import { join } from 'node:path';
import type { RunId } from '../model/run-id.ts';
import { factFiles, readFactFile } from './fact-lines.ts';
import type { Home } from './home.ts';
import { readLater } from './later-file.ts';
import { damagedSeries } from './metrics/verify-series.ts';
import { namedObjects } from './named-objects.ts';

/** Something stored is not as it was written. */
export interface Problem {
  code: 'object-corrupt' | 'object-missing' | 'fact-unreadable' | 'fact-invalid' | 'series-damaged';
  /** Null for an object that no run names. */
  run: RunId | null;
  message: string;
}

export interface VerifyOptions {
  /** Only this run and its objects; all runs and all objects by default. */
  run?: RunId | undefined;
  onProgress?: ((what: 'runs' | 'objects', done: number, total: number | null) => void) | undefined;
}

/**
 * Checks every fact against its schema, every object against its hash, and that each object which a
 * fact names is there, and the checksums of series. Facts of types that only a newer Spoor knows are no problem.
 */
export async function verifyStore(home: Home, { run, onProgress }: VerifyOptions = {}): Promise<Problem[]> {
  const { fact: schema } = await import('../model/facts.ts');
  const problems: Problem[] = [];
  const ids = run === undefined ? await home.runs.list() : [run];
  /** Each object with one run that names it. */
  const named = new Map<string, RunId>();
  for (const [index, id] of ids.entries()) {
    const folder = home.runs.path(id);
    for (const name of factFiles(folder)) {
      const { facts, unreadable } = readFactFile(join(folder, name));
      if (unreadable > 0) {
        const lines = unreadable === 1 ? '1 line is' : `${unreadable} lines are`;
        problems.push({ code: 'fact-unreadable', run: id, message: `${lines} unreadable in ${join(folder, name)}` });
      }
      for (const fact of facts) {
        const [issue] = schema.safeParse(fact).error?.issues ?? [];
        if (!issue) continue;
        const where = `${fact.type}${issue.path.map((part) => `.${String(part)}`).join('')}`;
        problems.push({ code: 'fact-invalid', run: id, message: `${join(folder, name)}: ${where}: ${issue.message}` });
      }
    }
    for (const name of ['metrics', 'machine']) {
      for (const { path, lost } of damagedSeries(join(folder, name))) {
        const what = lost === null ? 'its points cannot be read' : `${lost} of its points are lost`;
        problems.push({ code: 'series-damaged', run: id, message: `${path} is damaged: ${what}` });
      }
    }
    const { facts } = await home.runs.facts(id);
    for (const object of await namedObjects(facts, await readLater(folder), home.objects)) named.set(object, id);
    onProgress?.('runs', index + 1, ids.length);
  }
  let done = 0;
  for await (const object of run === undefined ? storedAndNamed(home, named) : named.keys()) {
    const found = await home.objects.verify(object);
    if (found !== 'ok') {
      const message = found === 'missing' ? `the object ${object} is missing` : `the object ${object} is damaged`;
      problems.push({ code: `object-${found}`, run: named.get(object) ?? null, message });
    }
    onProgress?.('objects', ++done, run === undefined ? null : named.size);
  }
  return problems;
}

async function* storedAndNamed(home: Home, named: ReadonlyMap<string, RunId>): AsyncIterable<string> {
  const unseen = new Set(named.keys());
  for await (const { sha256 } of home.objects.list()) {
    unseen.delete(sha256);
    yield sha256;
  }
  yield* unseen;
}
