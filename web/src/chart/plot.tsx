import i18next from 'i18next';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clock, integer, measure, moment } from '../lib/format.ts';
import { colour, useDrawnTheme } from '../lib/theme.ts';

/** A curve of a chart. `x` rises; `y` has null where there is nothing to draw. */
export interface Curve {
  label: string;
  x: ArrayLike<number>;
  y: ArrayLike<number | null>;
  /** Name of a colour of the theme: `series-1`. */
  tone: string;
  /** Drawn behind the others: raw points below their smoothed curve, the version before. */
  faint?: boolean;
  dashed?: boolean;
}

export type Axis = 'step' | 'epoch' | 'time' | 'duration';

export interface PlotProps {
  curves: readonly Curve[];
  axis: Axis;
  height?: number;
  logarithmic?: boolean;
  /** Charts of the same name share their crosshair. */
  group?: string;
  /** Vertical lines with a word: where a run was resumed. */
  marks?: readonly { x: number; label: string }[];
  /** The range of x that is shown; null shows all. */
  range: readonly [number, number] | null;
  /** Told when a part is chosen by dragging, and null when all is to be seen again (double click). */
  onRange?: (range: [number, number] | null) => void;
  /** Whose unit the values have: `machine/cpu`. */
  tag?: string;
  /** Says in words what is drawn. */
  label: string;
}

/** Curves over a common axis: drag to zoom, double click for all, a crosshair shared within the group. */
export function Plot({
  curves,
  axis,
  height = 220,
  logarithmic = false,
  group,
  marks,
  range,
  onRange,
  tag = '',
  label,
}: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useDrawnTheme();
  const told = useRef(onRange);
  told.current = onRange;
  const shape = `${theme} ${axis} ${logarithmic} ${group} ${height} ${curves.map(styleOf).join('|')}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` is what of the curves needs another plot
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(
      options({ curves, axis, logarithmic, group, height, width: element.clientWidth, told, marks: marks ?? [], tag }),
      dataOf(curves),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(dataOf(curves), range === null);
    if (range !== null) plot.current?.setScale('x', { min: range[0], max: range[1] });
  }, [curves, range]);

  return <div ref={place} role="img" aria-label={label} style={{ minHeight: height }} className="min-w-0" />;
}

const styleOf = ({ label, tone, faint, dashed }: Curve) => `${label}/${tone}/${faint}/${dashed}`;

function dataOf(curves: readonly Curve[]): uPlot.AlignedData {
  const [first] = curves;
  if (first === undefined) return [[]];
  if (curves.every(({ x }) => x === first.x))
    return [first.x, ...curves.map(({ y }) => y)] as unknown as uPlot.AlignedData;
  return uPlot.join(curves.map(({ x, y }) => [x, y] as unknown as uPlot.AlignedData));
}

interface Made extends Pick<PlotProps, 'curves' | 'axis'> {
  logarithmic: boolean;
  group: string | undefined;
  height: number;
  width: number;
  marks: readonly { x: number; label: string }[];
  tag: string;
  told: { current: PlotProps['onRange'] };
}

function options({ curves, axis, logarithmic, group, height, width, told, marks, tag }: Made): uPlot.Options {
  const ink = colour('ink-3');
  const line = colour('line');
  const text = (value: number) => measure(tag, value);
  const font = '11px "Inter Variable", ui-sans-serif, system-ui, sans-serif';
  const common = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const xText = (at: number) =>
    axis === 'time' ? moment(new Date(at * 1000).toISOString()) : axis === 'duration' ? clock(at) : integer(at);
  return {
    width,
    height,
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: axis === 'time' },
      y: { distr: logarithmic ? 3 : 1, range: logarithmic ? logRange : linearRange },
    },
    axes: [
      { ...common, ...(axis === 'time' ? {} : { values: (_, ticks) => ticks.map(xText) }), space: 70 },
      { ...common, size: 64, values: (_, ticks) => ticks.map((each) => (each === null ? '' : text(each))) },
    ],
    series: [
      { label: i18next.t(`chart.x.${axis}`), value: (_, at) => (at === null ? '–' : xText(at)) },
      ...curves.map(({ label, tone, faint, dashed }) => ({
        label,
        stroke: colour(tone) + (faint ? '55' : ''),
        width: faint ? 1 : 1.6,
        spanGaps: true,
        points: { show: curves.every(({ x }) => x.length < 30), size: 5 },
        ...(dashed ? { dash: [4, 4] } : {}),
        value: (_: uPlot, at: number | null) => (at === null ? '–' : text(at)),
      })),
    ],
    legend: { live: true },
    cursor: {
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false },
      ...(group ? { sync: { key: group, setSeries: false } } : {}),
      bind: {
        dblclick: () => () => {
          told.current?.(null);
          return null;
        },
      },
    },
    hooks: {
      setSelect: [
        (self) => {
          const { left, width: wide } = self.select;
          if (wide > 4) told.current?.([self.posToVal(left, 'x'), self.posToVal(left + wide, 'x')]);
          self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      draw: [(self) => drawMarks(self, marks, font)],
    },
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

function drawMarks(self: uPlot, marks: readonly { x: number; label: string }[], font: string): void {
  const { ctx, bbox } = self;
  for (const { x, label } of marks) {
    const at = self.valToPos(x, 'x', true);
    if (at < bbox.left || at > bbox.left + bbox.width) continue;
    ctx.save();
    ctx.strokeStyle = colour('line-strong');
    ctx.fillStyle = colour('ink-3');
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = font.replace('11px', `${11 * devicePixelRatio}px`);
    ctx.fillText(label, at + 4, bbox.top + 12 * devicePixelRatio);
    ctx.restore();
  }
}
