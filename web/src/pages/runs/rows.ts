/** The rows of the list: runs one below the other, or families with the runs of those that are open. */
import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Family, RunRow } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { api, arrived } from '../../lib/api.ts';
import { type ListOptions, membersAsked, openAtFirst, runsAsked } from './asked.ts';

export type ListRow =
  | { kind: 'family'; family: Family; open: boolean }
  | { kind: 'run'; run: RunRow }
  /** Its place is held until it comes. */
  | { kind: 'loading'; key: string };

export interface List {
  rows: ListRow[];
  /** Runs that the query finds. */
  total: number | null;
  error: Error | null;
  /** More can be had by `more`. */
  hasMore: boolean;
  more: () => void;
  toggle: (family: string) => void;
  retry: () => void;
}

export function useFlatList(options: ListOptions, enabled: boolean): List {
  const { query, sort, settings } = options;
  const found = useInfiniteQuery({
    queryKey: ['runs', 'list', query, sort, settings],
    queryFn: ({ pageParam, signal }) => api('listRuns', runsAsked(options, pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    enabled,
  });
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = found;
  const rows = useMemo(() => {
    if (!data) return placeholders(12);
    const runs: ListRow[] = data.pages.flatMap((page) => page.runs).map((run) => ({ kind: 'run', run }));
    return hasNextPage ? [...runs, ...placeholders(3)] : runs;
  }, [data, hasNextPage]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    rows,
    total: data?.pages[0]?.total ?? null,
    error,
    hasMore: hasNextPage,
    more,
    toggle: () => {},
    retry: () => void refetch(),
  };
}

export function useFamilyList(options: ListOptions, enabled: boolean): List {
  const { query, sort, settings } = options;
  const { data, error, refetch } = useQuery({ ...ask.families(query), enabled });
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const families = data?.families ?? [];
  const isOpen = (family: string, index: number) => chosen.get(family) ?? (index < openAtFirst || query !== '');
  const open = families.filter(({ family }, index) => isOpen(family, index)).slice(0, 60);
  const members = useQueries({
    queries: open.map(({ family }) => ({
      queryKey: ['runs', 'list', 'family', family, query, sort, settings],
      queryFn: ({ signal }: { signal: AbortSignal }) => api('listRuns', membersAsked(family, options), signal),
      initialData: () => arrived('listRuns', membersAsked(family, options)),
      placeholderData: keepPreviousData,
      enabled,
    })),
  });
  const rows: ListRow[] = data
    ? families.flatMap((family, index): ListRow[] => {
        const at = open.indexOf(family);
        const row: ListRow = { kind: 'family', family, open: at >= 0 };
        if (at < 0) return [row];
        const found = members[at]?.data;
        if (!found) return [row, ...placeholders(Math.min(family.runs, 8), `${index}`)];
        return [row, ...found.runs.map((run): ListRow => ({ kind: 'run', run }))];
      })
    : placeholders(12);
  return {
    rows,
    total: data ? families.reduce((sum, { runs }) => sum + runs, 0) : null,
    error,
    hasMore: false,
    more: () => {},
    toggle: (family) => {
      const index = families.findIndex((each) => each.family === family);
      setChosen(new Map(chosen).set(family, !isOpen(family, index)));
    },
    retry: () => void refetch(),
  };
}

function placeholders(count: number, prefix = 'end'): ListRow[] {
  return Array.from({ length: count }, (_, index) => ({ kind: 'loading', key: `${prefix}-${index}` }));
}
