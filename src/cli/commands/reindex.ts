import { openHome } from '../../store/home.ts';
import { reindexRuns } from '../../tracker/runs.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json.ts';
import { progressReporter } from '../reporters/progress.ts';
import { plural } from '../text.ts';

export async function reindex(context: Context, options: { json?: true }): Promise<number> {
  const home = await openHome(context.home, context.host, context.cache);
  const report = progressReporter(context);
  const began = performance.now();
  const runs = await reindexRuns(home, report.tell);
  report.end();
  const seconds = (performance.now() - began) / 1000;
  if (options.json) context.stdout.write(`${jsonText({ runs, seconds })}\n`);
  else context.stdout.write(`${plural(runs, 'run')} indexed in ${seconds.toFixed(1)} s\n`);
  return 0;
}
