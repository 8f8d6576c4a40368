import { join, resolve } from 'node:path';
import { exitStatuses } from '../../model/errors.ts';
import { restoreRun } from '../../tracker/restore/restore-run.ts';
import type { NotRestored, Restored } from '../../tracker/restore/restored.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { progressReporter } from '../reporters/progress.ts';
import { plural, shortPath, visible } from '../text.ts';

/** 72 where something could not be restored. */
export async function restore(
  context: Context,
  reference: string,
  options: { into: string; checkpoints?: true; json?: true },
): Promise<number> {
  const { recording, find } = await openSettled(context);
  const report = progressReporter(context);
  const into = resolve(context.cwd, options.into);
  const request = { run: await find(reference), into, checkpoints: options.checkpoints === true };
  const { restored } = await restoreRun(recording, request, report.tell);
  report.end();
  if (options.json) context.stdout.write(`${jsonText(restored, 2)}\n`);
  else context.stdout.write(`${lines(context, restored).join('\n')}\n`);
  return restored.missing.length > 0 ? exitStatuses.incomplete : 0;
}

function lines(context: Context, { name, into, repos, files, dataset, checkpoints, missing }: Restored): string[] {
  const { style, userHome } = context;
  const counted = [plural(repos.length, 'repository', 'repositories'), plural(files.length, 'file')];
  if (dataset !== null) counted.push(plural(dataset.files, 'file of its dataset', 'files of its dataset'));
  if (checkpoints.length > 0) counted.push(plural(checkpoints.length, 'checkpoint'));
  return [
    `${style.bold(visible(name))} is in ${shortPath(into, userHome)}: ${counted.join(', ')}`,
    ...missingLines(missing, Number.POSITIVE_INFINITY).map(style.yellow),
    style.dim(`start it there: sh ${shortPath(join(into, 'command.sh'), userHome)}`),
  ];
}

/** What is missing, in at most so many lines. */
export function missingLines(missing: readonly NotRestored[], most: number): string[] {
  const shown = missing.slice(0, most).map(({ kind, path, reason }) => `${kind} ${visible(path)}: ${visible(reason)}`);
  return missing.length > shown.length ? [...shown, `and ${missing.length - shown.length} more`] : shown;
}
