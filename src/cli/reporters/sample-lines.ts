import type { MadeArtifact } from '../../model/run.ts';
import {
  askedLabel,
  type GridColumn,
  type GridRow,
  placeLabel,
  type SampleGrid,
} from '../../tracker/artefacts/sample-grid.ts';
import type { Context } from '../context.ts';
import type { Style } from '../style.ts';
import { truncate, visible } from '../text.ts';
import { type Column, tableLines } from './table.ts';

interface Line {
  column: GridColumn;
  sample: MadeArtifact;
}

/** Names of samples, below their prompt, a run after the other. */
export function sampleLines(
  context: Pick<Context, 'style' | 'columns' | 'stdout' | 'env'>,
  grid: SampleGrid,
): string[] {
  const { style } = context;
  const width = context.stdout.isTTY || context.env.COLUMNS ? context.columns : Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  let before = 0;
  for (const { label, columns } of grid.runs) {
    if (grid.runs.length > 1) lines.push(...(lines.length > 0 ? [''] : []), style.bold(visible(label)));
    for (const row of grid.rows) {
      const found = columns.flatMap((column, at) => {
        const sample = row.cells[before + at];
        return sample ? [{ column, sample }] : [];
      });
      if (found.length === 0) continue;
      lines.push(promptLine(row, found[0]!.sample, style, width));
      lines.push(
        ...tableLines(
          tableOf(
            style,
            columns.some(({ starred }) => starred),
          ),
          found,
          width - 2,
          null,
        ).map((line) => `  ${line}`),
      );
    }
    before += columns.length;
  }
  return lines;
}

export function promptLine({ index, text }: GridRow, sample: MadeArtifact, style: Style, width: number): string {
  const asked = askedLabel(sample);
  const room = Math.max(20, width - 8 - asked.length);
  const shown = truncate(visible(text || 'prompt not known'), room);
  return `${style.dim(String(index ?? '?').padEnd(2))} ${style.bold(shown)}${asked === '' ? '' : `  ${style.dim(asked)}`}`;
}

function tableOf(style: Style, anyStar: boolean): Column<Line>[] {
  const mark = ({ starred }: GridColumn) => (starred ? '★ ' : anyStar ? '  ' : '');
  const starPaint = (text: string, { column }: Line) => (column.starred ? style.yellow(text) : text);
  return [
    { title: 'place', text: ({ column }) => `${mark(column)}${placeLabel(column)}`, paint: starPaint },
    { title: 'file', text: ({ sample }) => visible(sample.path.split('/').at(-1) ?? ''), least: 16, cut: 'middle' },
    { title: 'state', text: ({ sample }) => stateOf(sample), paint: style.dim, spare: 1 },
  ];
}

function stateOf({ goneAt, object, preview }: MadeArtifact): string {
  const kept = object ? 'kept' : preview ? 'preview' : '';
  return [goneAt ? 'deleted' : '', kept].filter((part) => part !== '').join(', ');
}
