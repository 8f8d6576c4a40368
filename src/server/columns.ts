/** Which settings are worth a column of their own beside many runs. */
import type { Column, RunRow } from '../api/index.ts';

export interface Configured {
  family: string;
  settings: RunRow['settings'];
}

type Value = string | number;

/** Of one key. */
interface Values {
  /** In how many runs each value stands. */
  counts: Map<Value, { runs: number }>;
  /** The last value that was seen in each family, and families that have more than one. */
  seen: Map<string, Value>;
  tried: Set<string>;
  last: { family: string; value: Value; count: { runs: number } } | null;
}

/**
 * What was tried comes first: a setting that differs within families, the more of them the sooner. Then what differs
 * between families only, then names (texts of which every run has its own, and paths), then what merely some runs have.
 */
export function columnsOf(runs: readonly Configured[]): Column[] {
  const values = new Map<string, Values>();
  for (const { family, settings } of runs) {
    for (const key in settings) {
      const value = settings[key] as Value;
      const found = values.get(key) ?? { counts: new Map(), seen: new Map(), tried: new Set(), last: null };
      if (found.last === null) values.set(key, found);
      // Mostly a run has what the one before it has.
      if (found.last === null || found.last.value !== value || found.last.family !== family) {
        const { counts, seen, tried } = found;
        const count = counts.get(value) ?? { runs: 0 };
        counts.set(value, count);
        if (seen.has(family) && seen.get(family) !== value) tried.add(family);
        seen.set(family, value);
        found.last = { family, value, count };
      }
      found.last.count.runs++;
    }
  }
  const columns = [...values].map(([key, { counts, tried }]) => {
    const set = [...counts.values()].reduce((sum, { runs }) => sum + runs, 0);
    const isName = [...counts.keys()].every(
      (each) => typeof each === 'string' && (counts.size === set || /[\\/]/.test(each)),
    );
    const within = tried.size;
    const rank = counts.size === 1 ? 3 : isName ? 2 : within === 0 ? 1 : 0;
    return { key, values: counts.size + (set < runs.length ? 1 : 0), set, rank, within };
  });
  return columns
    .filter(({ values: different }) => different > 1)
    .sort(
      (a, b) =>
        a.rank - b.rank || b.within - a.within || b.set - a.set || a.values - b.values || (a.key < b.key ? -1 : 1),
    )
    .map(({ key, values: different, set }) => ({ key, values: different, set }));
}
