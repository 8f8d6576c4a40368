import { useQuery } from '@tanstack/react-query';
import { ask } from '../../app/queries.ts';

/** The version that a run was derived from, which its charts have behind them; null of the first. */
export function usePrevious(run: string): { id: string; name: string } | null {
  const { data } = useQuery(ask.history({ run }));
  const from = data?.versions.find(({ id }) => id === run)?.from;
  const found = data?.versions.find(({ id }) => id === from);
  return found ? { id: found.id, name: found.name } : null;
}
