import { outcomeOf } from '../../../model/outcome.ts';
import type { Run } from '../../../model/run.ts';
import type { DiffRow } from '../../../tracker/diff-runs.ts';
import { plural, visible } from '../../text.ts';
import { Page, type PageOptions } from '../run-page/page.ts';
import { type Column, tableLines } from '../table.ts';
import { outcomeRows } from './outcome.ts';
import { valueText } from './words.ts';

interface Line {
  title: string;
  texts: string[];
  paint(text: string, at: number): string;
}

/** A table with a column for each run: how they ended, then what differs between any two of them. */
export function severalPage(runs: readonly Run[], rows: readonly DiffRow[], options: PageOptions): string[] {
  const page = new Page(options);
  const { style } = page;
  const shown = rows.filter(({ effective }) => effective || page.all);
  const lines: Line[] = [
    ...outcomeRows(runs.map(outcomeOf), style),
    ...shown.map(({ subject, values }) => ({
      title: visible(subject),
      texts: values.map((value) => (value === null ? '–' : valueText(value))),
      paint: (text: string, at: number) =>
        JSON.stringify(values[at]) === JSON.stringify(values[0]) ? text : style.yellow(text),
    })),
  ];
  const names = runs.map(({ name }) => visible(name.full));
  const columns: Column<Line>[] = [
    { title: '', text: ({ title }) => title, paint: style.dim, cut: 'middle', least: 16 },
    ...names.map(
      (title, at): Column<Line> => ({
        title,
        text: ({ texts }) => texts[at] ?? '',
        paint: (text, line) => line.paint(text, at),
        cut: 'middle',
        least: 8,
      }),
    ),
  ];
  page.lines.push(...tableLines(columns, lines, page.columns, style.bold));
  const folded = rows.length - shown.length;
  if (folded > 0) page.lines.push('', style.dim(`${plural(folded, 'row')} without effect: --all shows them.`));
  return page.lines;
}
