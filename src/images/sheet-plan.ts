/** What stands on a contact sheet: prompts in rows, steps in columns, one run or several beside each other. */
export interface Sheet {
  title: string;
  subtitle: string;
  /** Pixels of a picture's box. */
  cell: { width: number; height: number };
  groups: SheetGroup[];
  rows: SheetRow[];
}

/** The columns of one run. */
interface SheetGroup {
  title: string;
  columns: { label: string; starred: boolean }[];
}

interface SheetRow {
  label: string;
  note: string;
  /** For each column of all groups the place of its picture among those handed over; null where there is none. */
  cells: (number | null)[];
}

/** Pixels of a sheet; more are not drawn. */
export const mostSheetPixels = 40_000_000;
const longestCell = 320;
const smallCell = 128;
const shortestCell = 64;

export const margin = 36;
export const labelWidth = 250;
const gap = 8;
const groupGap = 36;
export const rowGap = 18;
/** Above the first row: title, subtitle, run, step. */
export const headHeight = 148;

/** Pixels of the whole. */
export function sheetSize({ cell, groups, rows }: Pick<Sheet, 'cell' | 'groups' | 'rows'>): {
  width: number;
  height: number;
} {
  const columns = groups.reduce((sum, group) => sum + group.columns.length, 0);
  const between = gap * Math.max(0, columns - groups.length) + groupGap * Math.max(0, groups.length - 1);
  return {
    width: 2 * margin + labelWidth + gap * 2 + columns * cell.width + between,
    height: headHeight + rows.length * (cell.height + rowGap) + margin,
  };
}

/** The left edge of each column. */
export function columnLefts({ cell, groups }: Pick<Sheet, 'cell' | 'groups'>): number[] {
  let left = margin + labelWidth + gap * 2;
  return groups.flatMap(({ columns }) => {
    const lefts = columns.map((_, i) => left + i * (cell.width + gap));
    left += columns.length * (cell.width + gap) - gap + groupGap;
    return lefts;
  });
}

/**
 * The largest box for pictures of these shapes with which the sheet stays within its pixels.
 * @param shapes width and height of each picture
 */
export function cellFor(
  shapes: readonly { width: number; height: number }[],
  parts: Pick<Sheet, 'groups' | 'rows'>,
): { width: number; height: number } {
  // Small pictures are not blown up.
  const largest = Math.max(smallCell, ...shapes.map(({ width, height }) => Math.max(width, height)));
  const ratios = shapes.map(({ width, height }) => width / Math.max(1, height)).sort((a, b) => a - b);
  const ratio = Math.min(3, Math.max(1 / 3, ratios[ratios.length >> 1] ?? 1));
  for (let side = Math.min(longestCell, largest); ; side -= 16) {
    const cell =
      ratio >= 1
        ? { width: side, height: Math.round(side / ratio) }
        : { width: Math.round(side * ratio), height: side };
    const { width, height } = sheetSize({ cell, ...parts });
    if ((width * height <= mostSheetPixels && width <= 12_000) || side <= shortestCell) return cell;
  }
}
