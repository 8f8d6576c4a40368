/** A chart in lines of text: curves in braille, an axis at its left and one below. */
import { cells, pad, truncate } from '../text.ts';
import { BrailleCanvas } from './braille.ts';
import { type Curve, rangeOfX, rangeOfY, worthDrawing } from './curve.ts';
import { makeScale, type Scale, ticksOf, tickText } from './scale.ts';

export type Paint = (text: string) => string;

export interface TextCurve extends Curve {
  paint: Paint;
  /** Of its points, where it is drawn smoothed too. */
  faint: Paint;
  /** Drawn dotted: what tells curves apart without colours. */
  dotted?: boolean;
}

export interface TextChart {
  /** Later ones are drawn over earlier ones. */
  curves: readonly TextCurve[];
  width: number;
  /** Lines in all, those of the axis below among them. */
  height: number;
  log?: boolean;
  /** x as text; `tickText` unless said. */
  xText?: (value: number) => string;
  /** Whether points of smoothed curves are drawn. Without colours they would hide the line. */
  points: boolean;
  dim: Paint;
}

/** Axis below: a line and its numbers. */
const below = 2;

/** Null where there is no room or no finite point. */
export function textChart(chart: TextChart): string[] | null {
  const { curves, width, height, dim, xText = tickText } = chart;
  const xs = rangeOfX(curves);
  const ys = rangeOfY(curves, chart.log ?? false);
  const rows = height - below;
  if (xs === null || ys === null || rows < 2) return null;
  const [xScale, yScale] = [makeScale(...xs), makeScale(...ys, chart.log)];
  const marks = ticksOf(yScale, Math.max(2, Math.min(6, Math.floor(rows / 2))));
  const labels = new Map(marks.map((value) => [rowOf(yScale, value, rows), tickText(value)]));
  const left = Math.max(...[...labels.values()].map(cells), 1);
  const columns = width - left - 1;
  if (columns < 8) return null;
  const canvas = new BrailleCanvas(columns, rows);
  drawAll(canvas, chart, xScale, yScale);
  const paints: Paint[] = [dim, dim, ...curves.map(({ faint }) => faint), ...curves.map(({ paint }) => paint)];
  const plot = canvas.lines((text, layer) => (layer === 0 ? text : paints[layer]!(text)));
  const lines = plot.map((line, row) => {
    const label = labels.get(row);
    return dim(`${pad(label ?? '', left, 'left')}${label === undefined ? '│' : '┤'}`) + line;
  });
  return [...lines, ...axisBelow(xScale, left, columns, xText).map((line) => dim(line))];
}

/** A point alone would hardly be seen. */
const corners = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

const rowOf = (scale: Scale, value: number, rows: number) =>
  Math.min(rows - 1, Math.max(0, Math.round((1 - scale.place(value)) * (rows * 4 - 1)) >> 2));

function drawAll(canvas: BrailleCanvas, { curves, points }: TextChart, xScale: Scale, yScale: Scale): void {
  const right = canvas.width - 1;
  const bottom = canvas.height - 1;
  const across = (x: number) => xScale.place(x) * right;
  const down = (y: number) => (1 - yScale.place(y)) * bottom;
  for (const { seams } of curves) for (const seam of seams) canvas.line(across(seam), 0, across(seam), bottom, 1, 2);
  // Layers: seams, all points, all lines.
  for (const [at, { x, y, smooth }] of curves.entries()) if (smooth !== null && points) draw(x, y, 2 + at);
  for (const [at, { x, y, smooth, dotted }] of curves.entries()) draw(x, smooth ?? y, 2 + curves.length + at, dotted);

  function draw(x: Float64Array, y: Float64Array, layer: number, dotted = false): void {
    let before: { x: number; y: number } | null = null;
    for (const point of worthDrawing(x, y, canvas.width, xScale.place)) {
      const here = { x: across(point.x), y: down(point.y) };
      if (!Number.isFinite(here.y)) {
        before = null;
        continue;
      }
      if (before) canvas.line(before.x, before.y, here.x, here.y, layer, dotted ? 3 : 1);
      else for (const [right, lower] of corners) canvas.dot(here.x + right, here.y + lower, layer);
      before = here;
    }
  }
}

function axisBelow(scale: Scale, left: number, columns: number, text: (value: number) => string): string[] {
  const line = Array.from({ length: columns }, () => '─');
  let numbers = '';
  for (const value of ticksOf(scale, Math.max(2, Math.floor(columns / 12)))) {
    const at = Math.min(columns - 1, Math.round(scale.place(value) * (columns - 1)));
    const label = text(value);
    const start = Math.min(Math.max(0, at - (cells(label) >> 1)), columns - cells(label));
    if (start < cells(numbers) + (numbers === '' ? 0 : 2)) continue;
    numbers = pad(numbers, start) + label;
    line[at] = '┬';
  }
  return [`${' '.repeat(left)}└${line.join('')}`, `${' '.repeat(left + 1)}${truncate(numbers, columns)}`];
}
