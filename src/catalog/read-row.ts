import { foldFacts } from '../model/fold.ts';
import type { RunFolders } from '../model/ports.ts';
import type { RunId } from '../model/run-id.ts';
import { type RunRow, rowOf } from './row.ts';

/** The row of a run from its folder. A folder that cannot be read still is a run, of which nothing is known. */
export async function readRow(runs: RunFolders, id: RunId): Promise<RunRow> {
  try {
    const { facts, unreadable } = await runs.facts(id);
    return rowOf(foldFacts(id, facts, unreadable).run);
  } catch {
    return rowOf(foldFacts(id, []).run);
  }
}
