import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

const route = getRouteApi('/runs/$run');
const useSearch = () => route.useSearch();
type Search = ReturnType<typeof useSearch>;

/** What of a run's page stands in its address, and how it is changed there: back leads out of the page, not through its states. */
export function useAddress(): [Search, (change: { [K in keyof Search]?: Search[K] | undefined }) => void] {
  const search = useSearch();
  const navigate = useNavigate({ from: '/runs/$run' });
  const change = useCallback(
    (next: object) =>
      void navigate({ search: (before) => ({ ...before, ...next }) as never, replace: true, resetScroll: false }),
    [navigate],
  );
  return [search, change];
}

/** A list of the address as a set: what is unfolded, what is hidden. */
export function useListed(name: 'open' | 'hide' | 'table'): [ReadonlySet<string>, (key: string, on: boolean) => void] {
  const navigate = useNavigate({ from: '/runs/$run' });
  const list = useSearch()[name];
  const set = useMemo(() => new Set(list), [list]);
  const put = useCallback(
    (key: string, on: boolean) =>
      void navigate({
        search: (before) => ({ ...before, [name]: listed(before[name], key, on) }) as never,
        replace: true,
        resetScroll: false,
      }),
    [navigate, name],
  );
  return [set, put];
}

function listed(before: readonly string[] | undefined, key: string, on: boolean): string[] | undefined {
  const next = [...(before ?? []).filter((each) => each !== key), ...(on ? [key] : [])];
  return next.length === 0 ? undefined : next;
}
