/** What a chart draws of the points it has: raw and smoothed curves, the version before behind them, seams. */
import type { FramedCurve } from '../../../src/api/index.ts';
import type { Axis, Curve, Mark } from './plot.tsx';
import { smooth } from './smooth.ts';

export interface ChartRun {
  id: string;
  name: string;
  /** The version before, drawn behind; of one that went on for longer no more than as much again. */
  faint?: 'whole' | 'beside';
}

export interface Drawn {
  curves: Curve[];
  marks: Mark[];
  /** How many points there are, how many of them are held, and how many of these are no finite numbers. */
  total: number;
  held: number;
  odd: number;
}

export interface DrawnAsked {
  data: readonly FramedCurve[];
  /** As they are without a zoom: time counts from their first points. */
  overview: readonly FramedCurve[];
  runs: readonly ChartRun[];
  tags: readonly string[];
  smoothing: number;
  axis: Axis;
  words: { raw: string; resumed: string };
}

export function drawnOf({ data, overview, runs, tags, smoothing, axis, words }: DrawnAsked): Drawn {
  const drawn: Drawn = { curves: [], marks: [], total: 0, held: 0, odd: 0 };
  const several = runs.filter(({ faint }) => !faint).length > 1;
  for (const [index, run] of runs.entries()) {
    for (const [at, tag] of tags.entries()) {
      const is = (each: FramedCurve) => each.run === run.id && each.tag === tag;
      const curve = data.find(is);
      if (!curve || curve.x.length === 0) continue;
      const begin = overview.find(is)?.time[0] ?? 0;
      const x = axis === 'duration' ? curve.time.map((each) => each - begin) : curve.x;
      const raw = curve.value;
      const tone = `series-${((several ? index : at) % 8) + 1}`;
      const name = several || run.faint ? run.name : '';
      const said = [name, (tags.length > 1 || name === '') && tag].filter(Boolean).join(' ');
      // Runs of one name are told apart by their ids.
      const key = [(several || run.faint) && run.id.slice(-6), tag].filter(Boolean).join(' ');
      const label = drawn.curves.some((each) => each.label === said) ? `${said} ${run.id.slice(-4)}` : said;
      if (run.faint) {
        const end = run.faint === 'whole' ? Number.POSITIVE_INFINITY : twiceAsFar(drawn.curves);
        const most = x.findLastIndex((each) => each <= end) + 1;
        const y = smooth(raw, smoothing).slice(0, most);
        drawn.curves.unshift({
          key,
          label,
          x: x.subarray(0, most),
          y,
          raw: raw.subarray(0, most),
          tone: 'ink-3',
          faint: true,
          dashed: true,
        });
        continue;
      }
      drawn.total += curve.total;
      drawn.held += curve.x.length;
      for (const value of raw) if (!Number.isFinite(value)) drawn.odd++;
      if (smoothing > 0)
        drawn.curves.push({
          key: `${key} raw`,
          label: `${label} (${words.raw})`,
          x,
          y: smooth(raw, 0),
          raw,
          tone,
          faint: true,
        });
      drawn.curves.push({ key, label, x, y: smooth(raw, smoothing), raw, tone });
      for (const { at } of curve.seams) {
        const index = curve.x.findIndex((each) => each >= at);
        if (index >= 0 && (axis === curve.axis || axis === 'duration'))
          drawn.marks.push({ x: axis === 'duration' ? (x[index] as number) : at, label: words.resumed });
      }
    }
  }
  return drawn;
}

function twiceAsFar(curves: readonly Curve[]): number {
  const ends = curves.map(({ x }) => 2 * (x[x.length - 1] as number) - (x[0] as number));
  return ends.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ends);
}
