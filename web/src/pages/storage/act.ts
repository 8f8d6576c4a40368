/** What changes what lies on the disk: it says what went wrong, and has what is shown asked for again. */
import { queries } from '../../app/queries.ts';
import { api } from '../../lib/api.ts';
import { tell, tellFailure } from '../../ui/tell.ts';

/** @returns what came of it; null where it failed, which has been said then */
export async function act<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    tellFailure(error);
    return null;
  } finally {
    for (const key of ['storage', 'trash', 'leftovers', 'runs', 'run', 'glance']) {
      void queries.invalidateQueries({ queryKey: [key] });
    }
  }
}

/** Says what went to the trash, from where it can be taken back at once. */
export function tellTrashed(title: string, entries: readonly (string | null)[]): void {
  const known = entries.filter((entry) => entry !== null);
  const undo = () => void act(() => api('restoreTrash', { body: { entries: known } }));
  tell({ title, ...(known.length > 0 && { undo }) });
}
