/** Runs of one name, told apart. */

/** How much of an id says which run it is: its time, to the millisecond. `spoor ls` shows as much. */
const shownOfId = 10;

/** @returns the same runs; those that share a name have the beginning of their id behind it */
export function distinct<T extends { id: string; name: string }>(runs: readonly T[]): T[] {
  const counts = Map.groupBy(runs, ({ name }) => name);
  return runs.map((run) =>
    (counts.get(run.name)?.length ?? 0) > 1 ? { ...run, name: `${run.name} ${run.id.slice(0, shownOfId)}` } : run,
  );
}
