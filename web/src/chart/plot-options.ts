/** How uPlot draws the page's curves: axes, gaps, points, the marks of what is no finite number. */
import uPlot from 'uplot';
import { measures } from '../lib/format.ts';
import { colour } from '../lib/theme.ts';
import type { Axis, Curve, Mark, PlotProps } from './plot.tsx';
import { xText } from './values.ts';

/** What may change while a plot stands. */
export interface Follow {
  curves: readonly Curve[];
  marks: readonly Mark[];
  onRange: PlotProps['onRange'] | undefined;
  onAt: (x: number | null) => void;
}

export interface Made {
  curves: readonly Curve[];
  axis: Axis;
  logarithmic: boolean;
  group: string | undefined;
  height: number;
  width: number;
  tag: string;
  follow: { current: Follow };
}

const font = '11px "Inter Variable", ui-sans-serif, system-ui, sans-serif';
/** Of more curves than this each is drawn by its own points alone: over one axis they have a hundred times as many places. */
const many = 24;
/** Up to so many points in view each has a dot of its own. */
const dotted = 40;
/** Of seconds: marks fall on whole minutes and hours. */
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
const wholeSteps = [1, 2, 5]
  .flatMap((each) => Array.from({ length: 12 }, (_, power) => each * 10 ** power))
  .sort((a, b) => a - b);

export function options({ curves, axis, logarithmic, group, height, width, tag, follow }: Made): uPlot.Options {
  const common = { stroke: colour('ink-3'), font, grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } };
  const panel = colour('panel');
  return {
    width,
    height,
    padding: [8, 20, 0, 0],
    scales: {
      x: { time: axis === 'time', range: (_, low, high) => (low === high ? [low - 1, high + 1] : [low, high]) },
      y: { distr: logarithmic ? 3 : 1, range: logarithmic ? logRange : linearRange },
    },
    axes: [
      {
        ...common,
        ...(axis === 'time' ? {} : { values: (_, marks) => marks.map((each) => xText(axis, each)) }),
        ...(axis === 'duration' ? { incrs: clockSteps } : axis === 'time' ? {} : { incrs: wholeSteps }),
        space: 70,
        size: 28,
      },
      { ...common, size: 64, values: (_, marks) => yTexts(tag, marks) },
    ],
    series: [
      {},
      ...curves.map(({ label, tone, faint, dashed }) => ({
        label,
        stroke: colour(tone) + (faint && !dashed ? 'a6' : ''),
        // One pixel is drawn several times as fast as any other width.
        width: faint || curves.length > many ? 1 : 1.6,
        points: { show: curves.length <= many, size: faint ? 4 : 5, fill: panel, width: 1, filter: dots },
        ...(curves.length > many ? { paths: lineOf(follow) } : {}),
        ...(dashed ? { dash: [4, 4] } : {}),
      })),
    ],
    legend: { show: false },
    cursor: {
      points: { size: 6, fill: (_, index) => colour(curves[index - 1]?.tone ?? 'ink') },
      drag: { x: true, y: false, setScale: false },
      ...(group
        ? { sync: { key: group, setSeries: false, scales: ['x', null], filters: { pub: isMoved, sub: isMoved } } }
        : {}),
      bind: {
        dblclick: () => () => {
          follow.current.onRange?.(null);
          return null;
        },
      },
    },
    hooks: {
      setSelect: [
        (self) => {
          const { left, width: wide } = self.select;
          if (wide > 4) follow.current.onRange?.([self.posToVal(left, 'x'), self.posToVal(left + wide, 'x')]);
          self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      setCursor: [
        (self) => {
          const { idx } = self.cursor;
          follow.current.onAt(idx === null || idx === undefined ? null : (self.data[0][idx] ?? null));
        },
      ],
      draw: [(self) => drawMarks(self, follow.current.marks), (self) => drawOdd(self, follow.current.curves)],
    },
  };
}

/** A crosshair is shared; what is dragged in one chart is told to all by the page. */
const isMoved = (type: string) => type === 'mousemove' || type === 'mouseleave';

function yTexts(tag: string, marks: readonly (number | null)[]): string[] {
  const texts = measures(
    tag,
    marks.filter((each) => each !== null),
  );
  return marks.map((each) => (each === null ? '' : (texts.shift() ?? '')));
}

/** All points where there are few in view, else those that stand alone between gaps. */
function dots(self: uPlot, index: number): number[] | null {
  const values = self.data[index] as ArrayLike<number | null | undefined>;
  const [first, last] = self.series[0]?.idxs ?? [0, values.length - 1];
  const found: number[] = [];
  let count = 0;
  let before: number | null | undefined = null;
  let alone = -1;
  for (let i = first; i <= last; i++) {
    const value = values[i];
    // A place that is another curve's.
    if (value === undefined) continue;
    if (value !== null) count++;
    if (alone >= 0 && value === null) found.push(alone);
    alone = value !== null && before === null ? i : -1;
    before = value;
  }
  if (alone >= 0) found.push(alone);
  return count <= dotted ? null : found;
}

function lineOf(follow: Made['follow']): uPlot.Series.PathBuilder {
  return (self, index) => {
    const stroke = new Path2D();
    const { x = [], y = [] } = follow.current.curves[index - 1] ?? {};
    const { min = 0, max = 0 } = self.scales.x ?? {};
    let isDrawing = false;
    for (let i = 0; i < x.length && (i === 0 || (x[i - 1] as number) <= (max ?? 0)); i++) {
      // The last before the part that is seen begins the line.
      if (i + 1 < x.length && (x[i + 1] as number) < (min ?? 0)) continue;
      const value = y[i] ?? Number.NaN;
      const [left, top] = [self.valToPos(x[i] as number, 'x', true), self.valToPos(value, 'y', true)];
      if (!Number.isFinite(top)) isDrawing = false;
      else if (isDrawing) stroke.lineTo(Math.round(left), Math.round(top));
      else {
        stroke.moveTo(Math.round(left), Math.round(top));
        isDrawing = true;
      }
    }
    return { stroke, fill: null, clip: null, band: null, gaps: [], flags: 1 };
  };
}

function linearRange(_: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - room, high + room];
}

function logRange(_: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || high <= 0) return [0.1, 1];
  return uPlot.rangeLog(Math.max(low, high * 1e-9), high, 10, false) as [number, number];
}

function drawMarks(self: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = self;
  for (const { x, label } of marks) {
    const at = self.valToPos(x, 'x', true);
    if (at < bbox.left || at > bbox.left + bbox.width) continue;
    ctx.save();
    ctx.strokeStyle = colour('ink-3');
    ctx.fillStyle = colour('ink-2');
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = font.replace('11px', `${11 * devicePixelRatio}px`);
    const isAtEnd = at > bbox.left + bbox.width * 0.8;
    ctx.textAlign = isAtEnd ? 'right' : 'left';
    ctx.fillText(label, at + (isAtEnd ? -4 : 4) * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
    ctx.restore();
  }
}

/** NaN as crosses at the foot of the chart, infinities as arrows at its edges: nothing that was measured is left out. */
function drawOdd(self: uPlot, curves: readonly Curve[]): void {
  const { ctx, bbox } = self;
  const size = 3 * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour('bad');
  ctx.lineWidth = 1.5 * devicePixelRatio;
  for (const [index, { x, raw, faint }] of curves.entries()) {
    if (!raw || faint || self.series[index + 1]?.show === false) continue;
    let before = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < raw.length; i++) {
      const value = raw[i] as number;
      if (Number.isFinite(value)) continue;
      const at = self.valToPos(x[i] as number, 'x', true);
      if (at < bbox.left - 1 || at > bbox.left + bbox.width + 1 || at - before < 2 * size) continue;
      before = at;
      const y = value > 0 ? bbox.top + size : bbox.top + bbox.height - size;
      ctx.beginPath();
      if (Number.isNaN(value)) {
        ctx.moveTo(at - size, y - size);
        ctx.lineTo(at + size, y + size);
        ctx.moveTo(at - size, y + size);
        ctx.lineTo(at + size, y - size);
      } else {
        const tip = value > 0 ? -size : size;
        ctx.moveTo(at - size, y - tip);
        ctx.lineTo(at, y + tip);
        ctx.lineTo(at + size, y - tip);
      }
      ctx.stroke();
    }
  }
  ctx.restore();
}
