import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FactOf } from '../model/facts.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { familyOf } from '../model/run-name.ts';
import type { Home } from '../store/home.ts';
import { loadRun } from './load-run.ts';

/**
 * The earlier runs of a run's family, the latest first, as long as `goesOn` says so. Most folders are
 * told by the first line of their journal; what cannot be read is passed over.
 *
 * @returns whether all folders were looked at
 */
export async function* earlierRuns(
  home: Home,
  { id, family }: Run,
  goesOn: () => boolean,
): AsyncGenerator<Run, boolean> {
  const ids = (await home.runs.list().catch(() => [])).filter((each) => each < id).reverse();
  for (const [index, each] of ids.entries()) {
    if (!goesOn()) return false;
    if (index % 64 === 63) await nextTurn();
    const name = nameOf(home, each);
    // A name without a dataset's leaves the family to the dataset's directory.
    if (name !== null && name.dataset !== null && familyOf(name, null) !== family) continue;
    const run = await loadRun(home, each).catch(() => null);
    if (run?.family === family) yield run;
  }
  return true;
}

/** Far more than a journal's first line takes. */
const enough = 64 * 1024;

/** Null where the journal is not yet written, or does not begin as it should. */
function nameOf(home: Home, id: RunId): FactOf<'run.created'>['name'] | null {
  try {
    const file = openSync(join(home.runs.path(id), 'journal.jsonl'), 'r');
    try {
      const bytes = Buffer.allocUnsafe(enough);
      const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, enough, 0));
      const first = JSON.parse(text.slice(0, text.indexOf('\n'))) as Partial<FactOf<'run.created'>>;
      return first.type === 'run.created' ? (first.name ?? null) : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
