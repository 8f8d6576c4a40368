import { SpoorError } from '../../model/errors.ts';
import type { Home } from '../../store/home.ts';
import { type ListedRun, listRuns } from '../../tracker/runs.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { progressReporter } from '../reporters/progress.ts';
import { phaseText } from '../reporters/progress-text.ts';
import { gpuHoursText, moneyText } from '../reporters/run-page/machine.ts';
import { type Column, tableLines } from '../reporters/table.ts';
import { statusColour, verdictColour } from '../style.ts';
import { duration, number, plural, visible, when } from '../text.ts';

/** More rows than this nobody reads; `-n` and JSON give them all. */
const screenful = 50;

export async function ls(
  context: Context,
  query: string[],
  options: { sort: string; limit?: string; json?: true },
): Promise<number> {
  const limit = options.limit === undefined ? null : asCount(options.limit);
  const { home } = await openSettled(context);
  const report = progressReporter(context);
  const request = { query, sort: options.sort, limit, now: context.now() };
  const rows = await listRuns(home, request, report.tell);
  report.end();
  if (options.json) {
    context.stdout.write(`${jsonText(rows, 2)}\n`);
    return 0;
  }
  if (rows.length === 0) {
    context.stderr.write(
      query.length > 0 ? 'No run matches.\n' : 'Nothing has been recorded yet. Begin with: spoor run -- COMMAND\n',
    );
    return 0;
  }
  const shown = limit === null && context.stdout.isTTY ? rows.slice(0, screenful) : rows;
  // What is read by a program is not cut.
  const width = context.stdout.isTTY || context.env.COLUMNS ? context.columns : Number.POSITIVE_INFINITY;
  context.stdout.write(`${tableLines(columns(context), shown, width, context.style.dim).join('\n')}\n`);
  const spent = totalText(rows);
  if (spent !== '') context.stderr.write(`${context.errorStyle.dim(spent)}\n`);
  if (shown.length < rows.length) {
    context.stderr.write(context.style.dim(`${rows.length - shown.length} older runs; -n ${rows.length} shows all\n`));
  }
  if (context.stderr.isTTY && query.length === 0) await remind(context, home);
  return 0;
}

/** Runs of the last weeks that came to their end and of which nobody has said whether they are any good. */
const unjudged = ['status:succeeded', 'verdict:none', 'since:30d'];

async function remind({ stderr, errorStyle: style, now }: Context, home: Home): Promise<void> {
  const { length } = await listRuns(home, { query: unjudged, sort: '-started', limit: null, now: now() }, () => {});
  if (length === 0) return;
  const text = `${plural(length, 'run awaits', 'runs await')} a verdict: spoor ls ${unjudged.join(' ')}`;
  stderr.write(`${style.dim(text)}\n`);
}

function asCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new SpoorError('usage', 'bad-limit', `--limit ${text} is not a number of runs`, 'Give a whole number: -n 20');
  }
  return Number(text);
}

/** What the runs took together: `12.30 GPU-hours in 8 runs, 7.38 EUR`; nothing where none is known. */
function totalText(rows: readonly ListedRun[]): string {
  const measured = rows.filter(({ gpuHours }) => gpuHours);
  if (measured.length === 0) return '';
  const gpuHours = measured.reduce((sum, row) => sum + (row.gpuHours ?? 0), 0);
  const money = new Map<string, number>();
  for (const { cost, currency } of rows) {
    if (cost !== null) money.set(currency ?? '', (money.get(currency ?? '') ?? 0) + cost);
  }
  const sums = [...money].map(([currency, amount]) => moneyText({ amount, currency }));
  return [`${gpuHoursText({ gpuHours })} GPU-hours in ${plural(measured.length, 'run')}`, ...sums].join(', ');
}

function columns(context: Context): Column<ListedRun>[] {
  const { style } = context;
  const now = context.now();
  const took = (row: ListedRun) => {
    if (row.duration !== null) return duration(row.duration * 1000);
    return row.endedAt === null ? duration(now.getTime() - Date.parse(row.startedAt)) : '';
  };
  return [
    { title: 'NAME', text: (row) => visible(row.name), paint: style.bold, least: 20, cut: 'middle' },
    {
      title: 'STATUS',
      text: statusWord,
      paint: (text, row) => statusColour(row.status, style)(text),
      least: 9,
    },
    { title: 'WHEN', text: (row) => when(row.startedAt, now) },
    { title: 'TOOK', text: took, align: 'right', spare: 3 },
    { title: 'STEP', text: stepText, align: 'right', spare: 1 },
    {
      title: 'LOSS',
      text: (row) => (typeof row.loss === 'number' ? number(Number(row.loss.toPrecision(4))) : (row.loss ?? '')),
      align: 'right',
      spare: 2,
    },
    {
      title: 'VERDICT',
      text: (row) => row.verdict ?? '',
      paint: (text, row) => (row.verdict ? verdictColour(row.verdict, style)(text) : text),
      spare: 4,
    },
    { title: 'TAGS', text: (row) => row.tags.map(visible).join(' '), paint: style.cyan, least: 6, spare: 5 },
    { title: 'REASON', text: (row) => visible(row.reason ?? ''), paint: style.dim, least: 16, spare: 6 },
    { title: 'ID', text: (row) => row.id.slice(0, 10), paint: style.dim, spare: 7 },
  ];
}

/** The status; why it failed, and what one that runs is at where it does not train. */
function statusWord({ status, diagnosis, progress }: ListedRun): string {
  if (status === 'failed' && diagnosis) return visible(diagnosis);
  const isBusy = progress !== null && !['starting', 'training', 'finished'].includes(progress.phase);
  return isBusy ? phaseText(progress) : status;
}

/** `1200/2400`; without the whole where all of it was done. */
function stepText({ step, total }: ListedRun): string {
  if (step === null) return '';
  return total === null || step >= total ? String(step) : `${step}/${total}`;
}
