/**
 * Which runs are selected. The address keeps them, so that a reload and the way back find them again, as long as they are
 * few enough for one (docs/decisions/0059).
 */
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RunRow } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';

/** Ids of 26 characters: an address of about 1,500. */
export const mostInAddress = 40;
const none: readonly string[] = [];

export interface Selection {
  ids: ReadonlySet<string>;
  /** As they are now, as far as that is known. */
  runs: RunRow[];
  change: (add: readonly RunRow[], remove: readonly RunRow[]) => void;
  clear: () => void;
}

/** @param search puts what is selected into the address */
export function useSelection(
  inAddress: readonly string[] = none,
  search: (change: { selected: string[] | undefined }) => void,
): Selection {
  const [chosen, setChosen] = useState(inAddress);
  /** What this page put into the address: anything else came by the way back, or forth. */
  const written = useRef(inAddress.join());
  const key = inAddress.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names those in the address
  useEffect(() => {
    if (key !== written.current) setChosen(inAddress);
    written.current = key;
  }, [key]);
  const choose = useCallback(
    (next: readonly string[]) => {
      const kept = next.length <= mostInAddress ? next : none;
      setChosen(next);
      written.current = kept.join();
      search({ selected: kept.length > 0 ? [...kept] : undefined });
    },
    [search],
  );
  const ids = useMemo(() => new Set(chosen), [chosen]);
  const [seen, setSeen] = useState<ReadonlyMap<string, RunRow>>(new Map());
  // Asked for anew whenever runs change: their tags and verdicts are shown beside what can be done with them.
  const asked = chosen.slice(0, mostInAddress);
  const { data } = useQuery({
    queryKey: ['runs', 'selected', asked],
    queryFn: ({ signal }) => api('listRuns', { query: `id:${asked.join(',')}`, limit: mostInAddress }, signal),
    enabled: asked.length > 0,
    placeholderData: (before) => before,
  });
  const runs = useMemo(() => {
    const fresh = new Map(data?.runs.map((run) => [run.id as string, run]));
    return chosen.flatMap((id) => fresh.get(id) ?? seen.get(id) ?? []);
  }, [chosen, data, seen]);
  const change = useCallback(
    (add: readonly RunRow[], remove: readonly RunRow[]) => {
      const gone = new Set(remove.map(({ id }) => id as string));
      const next = [...new Set([...chosen, ...add.map(({ id }) => id as string)])].filter((id) => !gone.has(id));
      setSeen((before) => new Map([...before, ...add.map((run) => [run.id as string, run] as const)]));
      choose(next);
    },
    [chosen, choose],
  );
  const clear = useCallback(() => choose(none), [choose]);
  return { ids, runs, change, clear };
}
