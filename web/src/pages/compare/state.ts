import { getRouteApi, useNavigate } from '@tanstack/react-router';

const route = getRouteApi('/compare');
const useSearch = () => route.useSearch();
type Search = ReturnType<typeof useSearch>;

/** What of a comparison stands in its address, and how it is changed there: back leads out of it, not through its states. */
export function useShared(): Search & { change: (next: { [K in keyof Search]?: Search[K] | undefined }) => void } {
  const search = useSearch();
  const navigate = useNavigate({ from: '/compare' });
  return {
    ...search,
    change: (next) =>
      void navigate({ search: (before) => ({ ...before, ...next }) as never, replace: true, resetScroll: false }),
  };
}
