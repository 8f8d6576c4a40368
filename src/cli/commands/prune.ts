import { SpoorError } from '../../model/errors.ts';
import { type Keepable, keepable } from '../../tracker/artefacts/prune-plan.ts';
import { type Pruned, type PrunedFile, pruneRun } from '../../tracker/artefacts/prune-run.ts';
import { placeLabel } from '../../tracker/artefacts/sample-grid.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { type Column, tableLines } from '../reporters/table.ts';
import { plural, size, visible } from '../text.ts';

export interface PruneOptions {
  keep: string;
  now?: true;
  dryRun?: true;
  json?: true;
}

export async function prune(context: Context, reference: string, options: PruneOptions): Promise<number> {
  const keep = keptOf(options.keep);
  const { recording, find } = await openSettled(context);
  const request = { keep, now: options.now === true, dryRun: options.dryRun === true };
  const pruned = await pruneRun(recording, { run: await find(reference), ...request });
  if (options.json) context.stdout.write(`${jsonText(document(pruned), 2)}\n`);
  else print(context, pruned, request);
  return 0;
}

function keptOf(text: string): Keepable[] {
  return text.split(',').map((word) => {
    const found = keepable.find((each) => each === word);
    if (found !== undefined) return found;
    if (/^\d{1,12}$/.test(word)) return Number(word);
    const hint = 'Say starred, last, steps such as 1200, with commas between them; or none.';
    throw new SpoorError('usage', 'bad-keep', `--keep ${text}: "${word}" names no checkpoints`, hint);
  });
}

interface Row {
  action: string;
  place: string;
  file: string;
  bytes: number | null;
  why: string;
}

function print(context: Context, pruned: Pruned, { now, dryRun }: { now: boolean; dryRun: boolean }): void {
  const { stdout, stderr, style, errorStyle } = context;
  const { taken, left, bytes, run } = pruned;
  const action = now ? 'delete' : 'trash';
  const name = (path: string) => visible(path.split('/').at(-1) ?? '');
  const rows: Row[] = [
    ...taken.map(({ artifact, what, bytes }) => ({
      action: dryRun ? `would ${action}` : action === 'trash' ? 'trashed' : 'deleted',
      place: placeLabel(artifact),
      file: name(artifact.path),
      bytes,
      why: what === 'copy' ? 'the copy that was kept of it' : '',
    })),
    ...left.map(({ artifact, why }) => {
      return { action: 'kept', place: placeLabel(artifact), file: name(artifact.path), bytes: artifact.bytes, why };
    }),
  ];
  if (rows.length === 0) {
    stderr.write(`Nothing of ${visible(run.name.full)} is left to prune.\n`);
    return;
  }
  const columns: Column<Row>[] = [
    { title: '', text: ({ action }) => action },
    { title: '', text: ({ place }) => place },
    { title: '', text: ({ file }) => file, least: 16, cut: 'middle' },
    { title: '', text: ({ bytes }) => (bytes === null ? '' : size(bytes)), align: 'right' },
    { title: '', text: ({ why }) => visible(why), paint: style.dim, least: 12 },
  ];
  const width = stdout.isTTY || context.env.COLUMNS ? context.columns : Number.POSITIVE_INFINITY;
  stdout.write(`${tableLines(columns, rows, width, null).join('\n')}\n`);
  const sum = `${plural(taken.length, 'file')}, ${size(bytes)}`;
  const text = dryRun
    ? `${sum} would ${now ? 'be deleted' : 'go to the trash'}`
    : now
      ? `deleted ${sum}`
      : taken.length === 0
        ? 'nothing was taken'
        : `moved ${sum} to the trash; spoor trash restore ${run.id.slice(0, 10)} brings them back, spoor trash empty frees the disk`;
  stderr.write(`${errorStyle.dim(`spoor: ${text}`)}\n`);
}

function document({ run, taken, left, bytes }: Pruned) {
  const place = ({ artifact: { kind, path, step, epoch } }: Pick<PrunedFile, 'artifact'>) => ({
    kind,
    path,
    step,
    epoch,
  });
  return {
    run: run.id,
    name: run.name.full,
    taken: taken.map((each) => ({ ...place(each), what: each.what, from: each.path, to: each.to, bytes: each.bytes })),
    left: left.map((each) => ({ ...place(each), why: each.why })),
    bytes,
  };
}
