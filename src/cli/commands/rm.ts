import { removeRun } from '../../tracker/remove-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';

export async function rm(context: Context, references: string[]): Promise<number> {
  const { home, find } = await openSettled(context);
  // All are found before the first is moved, so that `@` and `name~1` mean what they meant.
  const ids = await Promise.all(references.map(find));
  for (const id of new Set(ids)) {
    const to = await removeRun(home, id);
    context.stderr.write(`spoor: moved the record of ${id} to ${to}\n`);
  }
  return 0;
}
