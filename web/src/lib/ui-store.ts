/** What the page remembers in the home, beside the runs: saved views. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiError, type Ui } from '../../../src/api/index.ts';
import { ask } from '../app/queries.ts';
import { tellFailure } from '../ui/tell.ts';
import { api } from './api.ts';

/** @returns what is remembered (null until it is known), and how it is changed */
export function useRemembered(): { ui: Ui | null; change: (edit: (ui: Ui) => Ui) => Promise<void> } {
  const client = useQueryClient();
  const { data } = useQuery(ask.ui());
  const change = useCallback(
    async (edit: (ui: Ui) => Ui) => {
      // Another page may have written meanwhile: what it wrote is read, and the change made to that.
      for (let attempt = 0; ; attempt++) {
        const stored = await client.fetchQuery({ ...ask.ui(), staleTime: 0 });
        try {
          const written = await api('writeUi', { body: { ui: edit(stored.ui), revision: stored.revision } });
          client.setQueryData(ask.ui().queryKey, written);
          return;
        } catch (error) {
          if (error instanceof ApiError && error.status === 409 && attempt < 3) continue;
          tellFailure(error);
          return;
        }
      }
    },
    [client],
  );
  return { ui: data?.ui ?? null, change };
}
