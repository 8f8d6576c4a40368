/** Which settings are worth a column of their own beside many runs. */
import type { Column, RunRow } from '../api/index.ts';

export interface Configured {
  family: string;
  settings: RunRow['settings'];
}

/**
 * What was tried comes first: a setting that differs within families, the more of them the sooner. Then what differs
 * between families only, then names (texts of which every run has its own, and paths), then what merely some runs have.
 */
export function columnsOf(runs: readonly Configured[]): Column[] {
  const values = new Map<string, Map<string | number, number>>();
  const families = new Map<string, Map<string, string | number>>();
  const tried = new Map<string, Set<string>>();
  for (const { family, settings } of runs) {
    const seen = families.get(family) ?? new Map<string, string | number>();
    families.set(family, seen);
    for (const [key, value] of Object.entries(settings)) {
      const counts = values.get(key) ?? new Map<string | number, number>();
      counts.set(value, (counts.get(value) ?? 0) + 1);
      values.set(key, counts);
      if (seen.has(key) && seen.get(key) !== value) tried.set(key, (tried.get(key) ?? new Set()).add(family));
      seen.set(key, value);
    }
  }
  const columns = [...values].map(([key, counts]) => {
    const set = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const isName = [...counts.keys()].every(
      (each) => typeof each === 'string' && (counts.size === set || /[\\/]/.test(each)),
    );
    const within = tried.get(key)?.size ?? 0;
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
