import { removeRun } from '../../tracker/remove-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';

export async function rm(context: Context, references: string[]): Promise<number> {
  const { recording, find } = await openSettled(context);
  // All are found before the first is moved, so that `@` and `name~1` mean what they meant.
  const ids = await Promise.all(references.map(find));
  for (const id of new Set(ids)) {
    const { content } = await removeRun(recording, id);
    context.stderr.write(`spoor: moved the record of ${id} to ${content}\n`);
  }
  return 0;
}
