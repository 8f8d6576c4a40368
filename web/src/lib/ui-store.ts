/** What the page remembers in the home, beside the runs: how it looks, saved views. */
import { useQuery } from '@tanstack/react-query';
import { ApiError, type Ui } from '../../../src/api/index.ts';
import { ask, queries } from '../app/queries.ts';
import { tellFailure } from '../ui/tell.ts';
import { api } from './api.ts';

type Edit = (ui: Ui) => Ui;

let last: Promise<void> = Promise.resolve();
let waiting = 0;

/** Whether a change is on its way: what was read before it says nothing. */
export const isRemembering = () => waiting > 0;

/** Changes what is remembered, one change after the other. Says what went wrong itself. */
export function remember(edit: Edit): Promise<void> {
  waiting++;
  const work = async () => {
    try {
      await write(edit);
    } catch (error) {
      tellFailure(error);
    } finally {
      waiting--;
    }
  };
  last = last.then(work);
  return last;
}

async function write(edit: Edit): Promise<void> {
  // Another page may have written meanwhile: what it wrote is read, and the change made to that.
  for (let attempt = 0; ; attempt++) {
    const stored = await queries.fetchQuery({ ...ask.ui(), staleTime: 0 });
    try {
      const written = await api('writeUi', { body: { ui: edit(stored.ui), revision: stored.revision } });
      queries.setQueryData(ask.ui().queryKey, written);
      return;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409 && attempt < 3)) throw error;
    }
  }
}

/** @returns what is remembered (null until it is known), and how it is changed */
export function useRemembered(): { ui: Ui | null; change: (edit: Edit) => Promise<void> } {
  const { data } = useQuery(ask.ui());
  return { ui: data?.ui ?? null, change: remember };
}
