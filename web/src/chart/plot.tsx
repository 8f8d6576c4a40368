import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './language-tag.ts';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useDrawnTheme } from '../lib/theme.ts';
import { classes } from '../ui/classes.ts';
import { aligned } from './aligned.ts';
import { followFingers } from './fingers.ts';
import { type Follow, options } from './plot-options.ts';
import { valueAt, xText } from './values.ts';
import { scaled } from './zoom.ts';

/** A curve of a chart. `x` rises; `y` has null where there is nothing to draw. */
export interface Curve {
  /** The same in every language: by it an address names the curve. */
  key: string;
  label: string;
  x: ArrayLike<number>;
  y: ArrayLike<number | null>;
  /** Values as they were measured, of a curve whose NaN and infinities are marked and said. */
  raw?: ArrayLike<number>;
  /** Name of a colour of the theme: `series-1`. */
  tone: string;
  /** Drawn behind the others: raw points below their smoothed curve, the version before. */
  faint?: boolean;
  dashed?: boolean;
}

export type Axis = 'step' | 'epoch' | 'time' | 'duration';
/** A vertical line with a word: where a run was resumed. */
export interface Mark {
  x: number;
  label: string;
}

export interface PlotProps {
  curves: readonly Curve[];
  axis: Axis;
  height?: number;
  logarithmic?: boolean;
  /** Charts of the same name share their crosshair. */
  group?: string;
  marks?: readonly Mark[];
  /** The range of x that is shown; null shows all. */
  range: readonly [number, number] | null;
  /** Told when a part is chosen by dragging or by keys, and null when all is to be seen again. */
  onRange?: (range: [number, number] | null) => void;
  /** Keys of the curves that are not drawn, and who is told when one is to be or not. */
  hidden: ReadonlySet<string>;
  onHidden: (key: string, hidden: boolean) => void;
  /** Whose unit the values have: `machine/cpu`. */
  tag?: string;
  /** Says in words what is drawn. */
  label: string;
}

const endsOf = (xs: ArrayLike<number>): [number, number] => [xs[0] ?? 0, xs[xs.length - 1] ?? 0];
const noMarks: readonly Mark[] = [];

/**
 * Curves over a common axis, with a crosshair that is shared within the group. By mouse: drag to zoom, double click for
 * all. By touch: a finger moves the crosshair, two zoom. By keys it is a slider along the axis: arrows from point to point, with Shift ten, `+` and `-` zoom, `0` shows all.
 */
export function Plot(props: PlotProps) {
  const {
    curves,
    axis,
    height = 220,
    logarithmic = false,
    group,
    marks = noMarks,
    range,
    onRange,
    hidden,
    onHidden,
    tag = '',
    label,
  } = props;
  const { t } = useTranslation();
  const keys = useId();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useDrawnTheme();
  const [at, setAt] = useState<number | null>(null);
  const data = useMemo(() => dataOf(curves), [curves]);
  const follow = useRef<Follow>({ curves, marks, onRange, onAt: setAt });
  follow.current = { curves, marks, onRange, onAt: setAt };
  const shape = `${theme} ${axis} ${logarithmic} ${group} ${height} ${tag} ${curves.map(styleOf).join('|')}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` is what of the curves needs another plot
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(
      options({ curves, axis, logarithmic, group, height, width: element.clientWidth, tag, follow }),
      data,
      element,
    );
    plot.current = made;
    const letGo = followFingers(made, {
      all: () => endsOf(made.data[0]),
      onRange: (range) => follow.current.onRange?.(range),
    });
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      letGo();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another plot has to be told as well
  useLayoutEffect(() => {
    const made = plot.current;
    if (!made) return;
    for (const [index, { key }] of curves.entries()) {
      const show = !hidden.has(key);
      if (made.series[index + 1]?.show !== show) made.setSeries(index + 1, { show });
    }
  }, [shape, hidden]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another plot has to be told as well
  useEffect(() => {
    plot.current?.setData(data, range === null);
    if (range !== null) plot.current?.setScale('x', { min: range[0], max: range[1] });
  }, [data, range, shape]);

  const xs = data[0] as ArrayLike<number>;
  const all = endsOf(xs);
  const shown = range ?? all;
  const zoom = (by: number) =>
    onRange?.(scaled(shown, all, at !== null && at >= shown[0] && at <= shown[1] ? at : (shown[0] + shown[1]) / 2, by));
  /** Puts the crosshair of the whole group on a point. */
  const put = (index: number) => {
    const made = plot.current;
    const x = xs[index];
    if (!made || x === undefined) return;
    // Its third parameter, of which the types do not tell, moves the crosshairs of the group.
    const setCursor = made.setCursor as (at: { left: number; top: number }, fire: boolean, share: boolean) => void;
    setCursor({ left: made.valToPos(x, 'x'), top: made.over.clientHeight / 2 }, true, true);
  };
  const move = (step: number) => {
    const first = placeOf(xs, shown[0]);
    const last = Math.max(first, placeOf(xs, shown[1], true));
    const from = at === null ? (step > 0 ? first - 1 : last + 1) : placeOf(xs, at);
    put(Math.min(last, Math.max(first, from + step)));
  };
  const actions: Record<string, () => void> = {
    ArrowRight: () => move(1),
    ArrowUp: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowDown: () => move(-1),
    'shift+ArrowRight': () => move(10),
    'shift+ArrowLeft': () => move(-10),
    PageUp: () => move(10),
    PageDown: () => move(-10),
    Home: () => put(placeOf(xs, shown[0])),
    End: () => put(placeOf(xs, shown[1], true)),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    '0': () => onRange?.(null),
  };
  const said =
    at === null
      ? label
      : `${xText(axis, at)}: ${curves.map((curve) => `${curve.label} ${valueAt(curve, at, tag)}`).join(', ')}`;
  return (
    <div className="min-w-0">
      <div
        ref={place}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-describedby={keys}
        aria-valuemin={shown[0]}
        aria-valuemax={Math.max(shown[0], shown[1])}
        aria-valuenow={at ?? shown[1]}
        aria-valuetext={said}
        data-at={at ?? undefined}
        style={{ minHeight: height }}
        className="min-w-0 rounded-md"
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const shift = event.shiftKey && event.key.startsWith('Arrow') ? 'shift+' : '';
          const action = actions[shift + event.key];
          if (!action) return;
          event.preventDefault();
          action();
        }}
      />
      <span id={keys} hidden>
        {t('chart.keys')}
      </span>
      <ul className="mt-1 flex flex-wrap gap-x-3 text-xs text-ink-2 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:[scrollbar-width:none]">
        <li className="flex h-6.5 min-w-20 items-center gap-1 tabular-nums">
          {t(`chart.x.${axis}`)} <span className="text-ink">{at === null ? '–' : xText(axis, at)}</span>
        </li>
        {curves.map((curve) => {
          const off = hidden.has(curve.key);
          return (
            <li key={curve.key} className="min-w-0 max-sm:shrink-0">
              <button
                type="button"
                aria-pressed={!off}
                onClick={() => onHidden(curve.key, !off)}
                className={classes(
                  'flex h-6.5 max-w-full items-center gap-1.5 hover:text-ink',
                  off && 'text-ink-3 line-through',
                )}
              >
                <span
                  aria-hidden
                  className={classes(
                    'w-3 shrink-0',
                    curve.dashed ? 'border-t-2 border-dashed' : curve.faint ? 'border-t' : 'border-t-2',
                  )}
                  style={{ borderColor: `var(--${curve.tone})` }}
                />
                <span className="truncate">{curve.label}</span>
                <span className="min-w-9 text-left text-ink tabular-nums">
                  {at === null ? '–' : valueAt(curve, at, tag)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const styleOf = ({ label, tone, faint, dashed }: Curve) => `${label}/${tone}/${faint}/${dashed}`;

function dataOf(curves: readonly Curve[]): uPlot.AlignedData {
  const [first] = curves;
  if (first === undefined) return [[]];
  if (curves.every(({ x }) => x === first.x))
    return [first.x, ...curves.map(({ y }) => y)] as unknown as uPlot.AlignedData;
  return aligned(curves) as uPlot.AlignedData;
}

/** Index of the first place at or behind a value; with `before` of the last one at or before it. */
function placeOf(xs: ArrayLike<number>, value: number, before = false): number {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const x = xs[middle] as number;
    if (x < value || (before && x === value)) low = middle + 1;
    else high = middle;
  }
  return before ? low - 1 : low;
}
