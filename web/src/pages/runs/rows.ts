/** The list of runs as far as it is looked at: pages of it are asked for as they come into view, wherever that is. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Answer, Family, RunRow } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { api, arrived } from '../../lib/api.ts';
import { type ListOptions, pageAsked, pageSize } from './asked.ts';
import { familyLayout, flatLayout, type Layout } from './layout.ts';

export type ListRow =
  | { kind: 'family'; family: Family; open: boolean }
  | { kind: 'run'; run: RunRow }
  /** Its place is held until it comes. */
  | { kind: 'loading' };

export interface List {
  layout: Layout;
  at(index: number): ListRow;
  /** Runs that the query finds; null until that is known. */
  total: number | null;
  /** Whether it is that of the query before, until that of this one comes. */
  isStale: boolean;
  error: Error | null;
  retry: () => void;
  /** Rows from the first to the last are in view, and one more is to stay, wherever it is; -1 for none. */
  look: (first: number, last: number, kept: number) => void;
  /** The runs of rows from the first to the last, asked for where they have not come. */
  runsBetween: (first: number, last: number) => Promise<RunRow[]>;
  /** The first runs of all, as many as can be handled at once. */
  firstRuns: () => Promise<RunRow[]>;
}

/** So many rows on either side of the view are asked for before they are seen. */
const ahead = 60;
/** Scrolled past faster than this, nothing is asked for. */
export const restMs = 60;
/** The server handles no more at once. */
const mostAtOnce = 1000;

type Page = Answer<'listRuns'>;
interface Held {
  layout: Layout;
  pages: ReadonlyMap<number, Page>;
  total: number;
}
const nothing: Held = { layout: flatLayout(12), pages: new Map(), total: 0 };

export function useList(options: ListOptions, grouped: boolean, isOpen: (family: string) => boolean): List {
  const families = useQuery({ ...ask.families(options.query, options.sort), enabled: grouped });
  const [wanted, setWanted] = useState<readonly number[]>([0]);
  const found = useQueries({
    queries: wanted.map((page) => ({
      queryKey: ['runs', 'list', grouped, options, page],
      queryFn: ({ signal }: { signal: AbortSignal }) => api('listRuns', pageAsked(options, grouped, page), signal),
      initialData: () => arrived('listRuns', pageAsked(options, grouped, page)),
    })),
    combine: combined,
  });
  const known = grouped && !families.isPlaceholderData ? families.data?.families : null;
  const total = grouped
    ? known?.reduce((sum, { runs }) => sum + runs, 0)
    : found.pages.find((page) => page !== undefined)?.total;
  const count = total === undefined ? null : total;
  const layout = useMemo(() => {
    if (grouped) return known ? familyLayout(known, isOpen) : null;
    return count === null ? null : flatLayout(count);
  }, [grouped, known, count, isOpen]);
  const isReady = layout !== null && count !== null && (count === 0 || found.pages.some((page) => page !== undefined));
  const { pages } = found;
  const now = useMemo<Held | null>(
    () =>
      isReady && layout !== null
        ? {
            layout,
            pages: new Map(wanted.flatMap((page, index) => (pages[index] ? [[page, pages[index]] as const] : []))),
            total: count ?? 0,
          }
        : null,
    [isReady, layout, pages, wanted, count],
  );
  const last = useRef<Held | null>(null);
  useEffect(() => {
    if (now) last.current = now;
  }, [now]);
  const held = now ?? last.current ?? nothing;

  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const look = useCallback(
    (first: number, last: number, kept: number) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        const places = new Set<number>();
        const rows = Array.from({ length: last - first + 1 + 2 * ahead }, (_, index) => first - ahead + index);
        for (const row of [...rows, kept]) {
          const place = row >= 0 && row < held.layout.count ? held.layout.at(row) : null;
          if (place?.kind === 'run') places.add(Math.floor(place.number / pageSize));
        }
        const next = [...places].sort((a, b) => a - b);
        setWanted((before) => (before.join() === next.join() || next.length === 0 ? before : next));
      }, restMs);
    },
    [held],
  );
  const at = useCallback(
    (index: number): ListRow => {
      const place = held.layout.at(index);
      if (place.kind === 'family') return place;
      const run = held.pages.get(Math.floor(place.number / pageSize))?.runs[place.number % pageSize];
      return run && (place.family === null || run.family === place.family) ? { kind: 'run', run } : { kind: 'loading' };
    },
    [held],
  );
  const slice = async (from: number, count: number) =>
    (await api('listRuns', { ...pageAsked(options, grouped, 0), from, limit: Math.min(mostAtOnce, count) })).runs;
  return {
    layout: held.layout,
    at,
    total: now ? now.total : (last.current?.total ?? null),
    isStale: now === null && last.current !== null,
    error: (grouped ? families.error : null) ?? found.error,
    retry: () => {
      void families.refetch();
      found.retry();
    },
    look,
    runsBetween: async (first, last) => {
      const rows = Array.from({ length: last - first + 1 }, (_, index) => at(first + index));
      if (rows.every(({ kind }) => kind !== 'loading'))
        return rows.flatMap((row) => (row.kind === 'run' ? row.run : []));
      const numbers = rows.flatMap((_, index) => {
        const place = held.layout.at(first + index);
        return place.kind === 'run' ? [place.number] : [];
      });
      const [from = 0] = numbers;
      const runs = await slice(from, (numbers.at(-1) ?? from) - from + 1);
      return numbers.flatMap((number) => runs[number - from] ?? []);
    },
    firstRuns: () => slice(0, mostAtOnce),
  };
}

interface Combined {
  pages: (Page | undefined)[];
  error: Error | null;
  retry: () => void;
}

function combined(results: { data: Page | undefined; error: Error | null; refetch: () => unknown }[]): Combined {
  return {
    pages: results.map(({ data }) => data),
    error: results.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const { refetch } of results) void refetch();
    },
  };
}
