import stringWidth from 'string-width';
import { pad, truncate } from '../text.ts';

export interface Column<Row> {
  title: string;
  /** Plain text, already made visible. */
  text(row: Row): string;
  paint?(text: string, row: Row): string;
  align?: 'left' | 'right';
  /** Cells it keeps when space is short; without it, it is never narrowed. */
  least?: number;
  /** Columns with a higher number are left out first where narrowing is not enough; without one, it stays. */
  spare?: number;
}

const gap = '  ';

/**
 * Lines of a table that fit `width` terminal cells: columns empty in every row are left out, wide
 * ones narrowed, and where that is not enough the most dispensable dropped.
 */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  title: (text: string) => string,
): string[] {
  const cells = columns.map((column) => ({ column, texts: rows.map((row) => column.text(row)) }));
  let shown = cells.filter(({ texts }) => texts.some((text) => text !== ''));
  let widths = fitWidths(shown, width);
  while (widths === null) {
    const spare = Math.max(...shown.map(({ column }) => column.spare ?? 0));
    if (spare === 0) break;
    shown = shown.filter(({ column }) => column.spare !== spare);
    widths = fitWidths(shown, width);
  }
  const final = widths ?? shown.map(({ column, texts }) => column.least ?? natural(column, texts));
  const line = (parts: string[]) => parts.join(gap).trimEnd();
  const header = line(
    shown.map(({ column }, i) => pad(column.title, final[i] ?? 0, column.align === 'right' ? 'left' : 'right')),
  );
  const body = rows.map((row, r) =>
    line(
      shown.map(({ column, texts }, i) => {
        const text = truncate(texts[r] ?? '', final[i] ?? 0);
        const padded = pad(text, final[i] ?? 0, column.align === 'right' ? 'left' : 'right');
        return column.paint && text !== '' ? padded.replace(text, () => column.paint?.(text, row) ?? text) : padded;
      }),
    ),
  );
  return [title(header), ...body];
}

type Shown<Row> = { column: Column<Row>; texts: string[] };

function natural<Row>(column: Column<Row>, texts: readonly string[]): number {
  return Math.max(stringWidth(column.title), ...texts.map((text) => stringWidth(text)));
}

/** Widths whose sum fits, taking from the widest that can give; null where even the least is too much. */
function fitWidths<Row>(shown: readonly Shown<Row>[], width: number): number[] | null {
  const widths = shown.map(({ column, texts }) => natural(column, texts));
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
