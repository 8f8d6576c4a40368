import { SpoorError } from '../../model/errors.ts';
import type { TrashEntry } from '../../store/trash-entry.ts';
import { deleteFromTrash, emptyTrash, restoreRun, trashEntries, trashOf } from '../../tracker/clean-trash.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { type Column, tableLines } from '../reporters/table.ts';
import { plural, shortPath, size, visible, when } from '../text.ts';

export async function list(context: Context, options: { json?: true }): Promise<number> {
  const { home } = await openSettled(context);
  const entries = await trashOf(home).list();
  const { stdout, stderr } = context;
  if (options.json) stdout.write(`${jsonText(entries.map(document), 2)}\n`);
  else if (entries.length === 0) stderr.write('The trash is empty.\n');
  else {
    const width = stdout.isTTY || context.env.COLUMNS ? context.columns : Number.POSITIVE_INFINITY;
    stdout.write(`${tableLines(columns(context), entries, width, context.style.dim).join('\n')}\n`);
  }
  return 0;
}

export async function restore(context: Context, reference: string): Promise<number> {
  const { home, find } = await openSettled(context);
  for (const { kind, from, name, run } of await restoreRun(home, reference, find)) {
    const text = kind === 'record' ? `the record of ${visible(name)} (${run})` : shortPath(from, context.userHome);
    context.stderr.write(`spoor: brought back ${text}\n`);
  }
  return 0;
}

export async function remove(context: Context, what: string[], options: { dryRun?: true }): Promise<number> {
  const { home, find } = await openSettled(context);
  const { stderr, userHome } = context;
  // All that is named is there, or nothing is deleted.
  const entries = await trashEntries(home, what, find);
  if (!options.dryRun) {
    await deleteFromTrash(
      home,
      entries.map(({ id }) => id),
    );
  }
  const did = options.dryRun ? 'would delete' : 'deleted';
  for (const { kind, from, name, run, bytes } of entries) {
    const text = kind === 'record' ? `the record of ${visible(name)} (${run})` : shortPath(from, userHome);
    stderr.write(`spoor: ${did} ${text}, ${size(bytes)}\n`);
  }
  return 0;
}

export async function empty(context: Context, options: { olderThan?: string }): Promise<number> {
  const before = new Date(context.now().getTime() - ageOf(options.olderThan)).toISOString();
  const { home } = await openSettled(context);
  const deleted = await emptyTrash(home, before);
  const freed = deleted.reduce((sum, { bytes }) => sum + bytes, 0);
  context.stderr.write(`spoor: deleted ${plural(deleted.length, 'entry', 'entries')}, ${size(freed)}\n`);
  return 0;
}

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds. */
function ageOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count === undefined) {
    const hint = 'For example --older-than 30d; m, h, d and w are minutes, hours, days and weeks.';
    throw new SpoorError('usage', 'bad-age', `--older-than ${text} is no age`, hint);
  }
  return Number(count) * (units[unit] as number);
}

function columns({ style, userHome, now }: Context): Column<TrashEntry>[] {
  return [
    { title: 'NAME', text: ({ name }) => visible(name), paint: style.bold, least: 16, cut: 'middle' },
    { title: 'WHAT', text: ({ kind }) => kind },
    { title: 'REMOVED', text: ({ at }) => when(at, now()) },
    { title: 'SIZE', text: ({ bytes }) => size(bytes), align: 'right', spare: 2 },
    { title: 'FROM', text: ({ from }) => shortPath(from, userHome), least: 16, cut: 'middle' },
    { title: 'WHY', text: ({ reason }) => visible(reason), paint: style.dim, least: 12, spare: 3 },
    { title: 'ID', text: ({ id }) => id.slice(0, 10) + id.slice(26), paint: style.dim, spare: 1 },
  ];
}

function document({ id, kind, run, name, from, content, at, host, reason, files, bytes }: TrashEntry) {
  return { id, kind, run, name, from, to: content, at, host, reason, files, bytes };
}
