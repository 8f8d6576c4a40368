import { cells, truncate, truncateMiddle } from '../text.ts';

export interface Column<Row> {
  title: string;
  /** Plain text, already made visible. */
  text(row: Row): string;
  paint?(text: string, row: Row): string;
  align?: 'left' | 'right';
  /** Cells it keeps when space is short; without it, it is never narrowed. */
  least?: number;
  /** Where a text that is too long is cut: `middle` for paths, whose ends tell most. */
  cut?: 'end' | 'middle';
  /** Columns with a higher number are left out first where narrowing is not enough; without one, it stays. */
  spare?: number;
}

const gap = '  ';

/**
 * Lines of a table that fit `width` terminal cells: columns empty in every row are left out, wide
 * ones narrowed, and where that is not enough the most dispensable dropped.
 *
 * @param width may be infinite: nothing is cut then
 * @param title paints the line of titles; null leaves it out
 */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  title: ((text: string) => string) | null,
): string[] {
  let shown = columns
    .map((column) => ({ column, texts: rows.map((row) => column.text(row)) }))
    .filter(({ texts }) => texts.some((text) => text !== ''))
    .map((each) => ({ ...each, natural: naturalWidth(each, title !== null) }));
  let widths = fitWidths(shown, width);
  while (widths === null) {
    const spare = Math.max(...shown.map(({ column }) => column.spare ?? 0));
    if (spare === 0) break;
    shown = shown.filter(({ column }) => column.spare !== spare);
    widths = fitWidths(shown, width);
  }
  const final = widths ?? leastWidths(shown, width);
  const cell = ({ column }: Shown<Row>, at: number, text: string, paint: (text: string) => string) => {
    const room = final[at] ?? 0;
    const cut = column.cut === 'middle' ? truncateMiddle(text, room) : truncate(text, room);
    const space = ' '.repeat(Math.max(0, room - cells(cut)));
    const painted = cut === '' ? '' : paint(cut);
    return column.align === 'right' ? space + painted : painted + space;
  };
  const line = (parts: string[]) => parts.join(gap).trimEnd();
  const body = rows.map((row, r) =>
    line(shown.map((each, i) => cell(each, i, each.texts[r] ?? '', (text) => each.column.paint?.(text, row) ?? text))),
  );
  if (title === null) return body;
  return [title(line(shown.map((each, i) => cell(each, i, each.column.title, (text) => text)))), ...body];
}

interface Shown<Row> {
  column: Column<Row>;
  texts: string[];
  natural: number;
}

function naturalWidth<Row>({ column, texts }: { column: Column<Row>; texts: string[] }, titled: boolean): number {
  return texts.reduce((most, text) => Math.max(most, cells(text)), titled ? cells(column.title) : 0);
}

/** Widths whose sum fits, taking from the widest that can give; null where even the least is too much. */
function fitWidths<Row>(shown: readonly Shown<Row>[], width: number): number[] | null {
  const widths = shown.map(({ natural }) => natural);
  let over = widths.reduce((sum, each) => sum + each, 0) + gap.length * (shown.length - 1) - width;
  while (over > 0) {
    let widest = -1;
    for (const [i, { column }] of shown.entries()) {
      const can = (widths[i] ?? 0) - (column.least ?? Number.POSITIVE_INFINITY);
      if (can > 0 && (widest < 0 || (widths[i] ?? 0) > (widths[widest] ?? 0))) widest = i;
    }
    if (widest < 0) return null;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over--;
  }
  return widths;
}

/** On a terminal too narrow for anything else: from the left, as much as there is room for. */
function leastWidths<Row>(shown: readonly Shown<Row>[], width: number): number[] {
  let room = width;
  return shown.map(({ column, natural }) => {
    const taken = Math.max(0, Math.min(natural, column.least ?? natural, room));
    room -= taken + gap.length;
    return taken;
  });
}
