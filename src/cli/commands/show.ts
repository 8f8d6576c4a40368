import { loadRun } from '../../tracker/load-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { runPage } from '../reporters/run-page.ts';

export async function show(context: Context, reference: string, options: { json?: true; all?: true }): Promise<number> {
  const { home, find, recording } = await openSettled(context);
  const run = await loadRun(home, await find(reference), recording.settings.price);
  if (options.json) {
    context.stdout.write(`${jsonText(run, 2)}\n`);
    return 0;
  }
  const { style, columns, userHome } = context;
  const lines = runPage(run, { style, columns, userHome, now: context.now(), all: options.all === true });
  context.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}
