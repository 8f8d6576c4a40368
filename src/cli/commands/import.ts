import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type Imported, type ImportedRun, importPaths } from '../../tracker/import/import-paths.ts';
import { parseRelocation } from '../../tracker/import/relocate.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { progressReporter } from '../reporters/progress.ts';
import { type Column, tableLines } from '../reporters/table.ts';
import { plural, shortPath, visible, when } from '../text.ts';

export interface ImportOptions {
  map?: string[];
  dryRun?: true;
  previews: boolean;
  json?: true;
}

export async function importCommand(context: Context, paths: string[], options: ImportOptions): Promise<number> {
  const absolute = (path: string) => resolve(context.cwd, path.replace(/^~(?=\/|$)/, context.userHome || homedir()));
  const map = (options.map ?? []).map((text) => parseRelocation(text, absolute));
  const { recording } = await openSettled(context);
  const report = progressReporter(context);
  const { userHome } = context;
  const { previews, dryRun = false } = options;
  const request = { paths: paths.map(absolute), map, dryRun, previews, userHome };
  const imported = await importPaths(recording, request, report.tell);
  report.end();
  if (options.json) context.stdout.write(`${jsonText(imported, 2)}\n`);
  else print(context, imported, request.dryRun);
  return 0;
}

/** Beyond these the count says enough; `spoor ls` shows them all. */
const screenful = 50;

function print(context: Context, { runs, unread, passedOver }: Imported, dryRun: boolean): void {
  const { stdout, stderr, style } = context;
  for (const { path, why } of unread.slice(0, 10)) warn(context, why.includes(path) ? why : `${path}: ${why}`, null);
  if (unread.length > 10) warn(context, `${unread.length - 10} more files cannot be read`, null);
  const news = runs.filter(({ outcome }) => outcome === 'added' || outcome === 'updated');
  if (news.length > 0) {
    const width = stdout.isTTY || context.env.COLUMNS ? context.columns : Number.POSITIVE_INFINITY;
    const shown = stdout.isTTY ? news.slice(0, screenful) : news;
    stdout.write(`${tableLines(columns(context), shown, width, style.dim).join('\n')}\n`);
    if (shown.length < news.length) stderr.write(style.dim(`and ${news.length - shown.length} more\n`));
  }
  const count = (outcome: ImportedRun['outcome']) => runs.filter((each) => each.outcome === outcome).length;
  const parts = [
    `${plural(count('added'), 'run')} ${dryRun ? 'would be ' : ''}imported`,
    ...(count('updated') > 0 ? [`${count('updated')} brought up to date`] : []),
    ...(count('unchanged') > 0 ? [`${count('unchanged')} imported before`] : []),
    ...(count('known') > 0 ? [`${count('known')} recorded already`] : []),
    ...(passedOver > 0 ? [`${plural(passedOver, 'model')} that no training of an adapter left`] : []),
  ];
  stderr.write(`${context.errorStyle.dim(`spoor: ${parts.join(', ')}`)}\n`);
  if (count('added') > 0 && !dryRun)
    stderr.write(context.errorStyle.dim('spoor: see them with: spoor ls; spoor history\n'));
}

function columns({ style, userHome, now }: Context): Column<ImportedRun>[] {
  return [
    { title: 'NAME', text: ({ name }) => visible(name), paint: style.bold, least: 16, cut: 'middle' },
    { title: 'TRAINED', text: ({ startedAt }) => (startedAt === null ? 'unknown' : when(startedAt, now())) },
    { title: 'CHECKPOINTS', text: ({ checkpoints }) => String(checkpoints), align: 'right', spare: 2 },
    { title: 'TOLD BY', text: ({ how }) => how, spare: 1 },
    { title: 'FROM', text: ({ from }) => shortPath(from, userHome), least: 16, cut: 'middle' },
    { title: 'ID', text: ({ id }) => id.slice(0, 10), paint: style.dim, spare: 3 },
  ];
}
