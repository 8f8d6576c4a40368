import type { Change } from '../../../diff/change.ts';
import { outcomeOf } from '../../../model/outcome.ts';
import type { Run } from '../../../model/run.ts';
import { plural, visible, when, wrap } from '../../text.ts';
import { Page, type PageOptions } from '../run-page/page.ts';
import { tableLines } from '../table.ts';
import { type OutcomeRow, outcomeRows } from './outcome.ts';
import { changeSections, isShown } from './sections.ts';
import { besideTraining, foldedText, subjectText } from './words.ts';

/** Two runs; `after` may be one that would be started now. */
export interface DiffedRuns {
  before: Run;
  after: Run;
  isPlanned: boolean;
  changes: readonly Change[];
}

/** Outcomes beside each other, what changed by area, what is not known, and what has no effect in one line. */
export function diffPage(diffed: DiffedRuns, options: PageOptions): string[] {
  const { changes } = diffed;
  const page = new Page(options);
  const { style } = page;
  header(page, diffed);
  changeSections(page, changes);
  const unknown = changes.filter(({ kind, partOf }) => kind === 'unknown' && partOf === null);
  page.section(
    'Not known',
    unknown.flatMap((each) => page.wrapped(`${style.yellow('?')} ${unknownText(each)}`)),
  );
  const folded = changes.filter((each) => each.partOf === null && each.kind !== 'unknown' && !isShown(each, page.all));
  if (changes.length === 0) page.lines.push('', 'Nothing differs.');
  else if (!changes.some(({ effective, kind }) => effective && kind !== 'unknown')) {
    page.lines.push('', style.green('Nothing that is known to differ can change the result.'));
  }
  if (folded.length > 0) {
    const lines = wrap(foldedText(folded), page.columns);
    const few = lines.length > 3 ? [...lines.slice(0, 3), '…'] : lines;
    page.lines.push('', ...few.map(style.dim), style.dim('--all shows them.'));
  }
  return page.lines;
}

/** Two attempts of one name are told apart by their time. */
export function columnNames({ before, after, isPlanned }: Omit<DiffedRuns, 'changes'>, now: Date): [string, string] {
  const isSameName = before.name.full === after.name.full;
  const name = ({ name, startedAt }: Run) =>
    isSameName ? `${visible(name.full)}, ${when(startedAt, now)}` : visible(name.full);
  return [name(before), isPlanned ? 'now' : name(after)];
}

function header(page: Page, { before, after, isPlanned }: DiffedRuns): void {
  const { style } = page;
  const outcomes = [outcomeOf(before), isPlanned ? null : outcomeOf(after)];
  const rows = outcomeRows(outcomes, style);
  const names = columnNames({ before, after, isPlanned }, page.now);
  page.lines.push(
    ...tableLines<OutcomeRow>(
      [
        { title: '', text: ({ title }) => title, paint: style.dim },
        { title: names[0]!, text: ({ texts }) => texts[0] ?? '', paint: (text, row) => row.paint(text, 0), least: 12 },
        { title: names[1]!, text: ({ texts }) => texts[1] ?? '', paint: (text, row) => row.paint(text, 1), least: 12 },
      ],
      rows,
      page.columns,
      style.bold,
    ),
  );
}

function unknownText(change: Change): string {
  const detail = change.detail === null ? '' : `: ${visible(change.detail)}`;
  return `${visible(change.area)} ${subjectText(change)}${detail}`;
}

/** `--stat`: how much changed in each area, and each file of code with its lines. */
export function statPage({ changes }: DiffedRuns, options: PageOptions): string[] {
  const { style, columns } = options;
  const whole = changes.filter(({ partOf }) => partOf === null);
  const areas = [...new Set(whole.map(({ area }) => area))];
  const rows = areas.map((area) => {
    const own = whole.filter((each) => each.area === area);
    const unknown = own.filter(({ kind }) => kind === 'unknown').length;
    const effective = own.filter((each) => each.effective && each.kind !== 'unknown').length;
    return { area, effective, idle: own.length - unknown - effective, unknown };
  });
  const files = changes.filter(
    ({ area, partOf, detail }) => area === 'code' && partOf !== null && /^\+\d/.test(detail ?? ''),
  );
  const counted = (count: number, text: string) => (count === 0 ? '' : `${count} ${text}`);
  const table = tableLines(
    [
      { title: 'area', text: ({ area }: (typeof rows)[number]) => area },
      { title: 'effective', text: ({ effective }) => counted(effective, 'effective'), paint: style.bold },
      {
        title: 'idle',
        text: ({ idle, area }) => counted(idle, besideTraining.has(area) ? 'beside training' : 'without effect'),
        paint: style.dim,
      },
      { title: 'unknown', text: ({ unknown }) => counted(unknown, 'unknown'), paint: style.yellow },
    ],
    rows,
    columns,
    null,
  );
  const perFile = tableLines(
    [
      { title: 'file', text: ({ subject }: Change) => visible(subject), cut: 'middle', least: 20 },
      { title: 'lines', text: ({ detail }) => detail ?? '', paint: style.dim },
    ],
    files,
    columns,
    null,
  );
  const total =
    files.length === 0 ? [] : ['', style.dim(plural(files.length, 'file of code', 'files of code')), ...perFile];
  return rows.length === 0 ? ['Nothing differs.'] : [...table, ...total];
}
