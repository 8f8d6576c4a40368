import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../lib/format.ts';
import { Card, Skeleton } from '../ui/page.tsx';
import { curvesOf } from './curves.ts';
import { type Axis, type Curve, Plot } from './plot.tsx';
import { smooth } from './smooth.ts';

export interface ChartCardProps {
  title: string;
  tags: readonly string[];
  runs: readonly { id: string; name: string; faint?: boolean }[];
  smoothing: number;
  logarithmic: boolean;
  axis: 'step' | 'time';
  group?: string;
}

/**
 * One chart: the curves of a few tags of one run or several. A part that is zoomed into is asked for again at its own
 * resolution, so that every single point can be reached.
 */
export function ChartCard({ title, tags, runs, smoothing, logarithmic, axis, group }: ChartCardProps) {
  const { t } = useTranslation();
  const [range, setRange] = useState<[number, number] | null>(null);
  const ids = runs.map(({ id }) => id);
  // Of another axis than the curves' own, all that is drawn is asked for by that.
  const asked = axis === 'step' ? range : null;
  const { data, isPlaceholderData } = useQuery(curvesOf({ runs: ids, tags, range: asked }));
  const own: Axis = data?.[0]?.axis ?? 'step';
  // Of several runs, or beside another axis, time counts from the start of each.
  const drawn: Axis = own === 'time' || axis === 'time' ? 'duration' : own;
  const { curves, marks, total, shown } = useMemo(() => {
    const curves: Curve[] = [];
    const marks: { x: number; label: string }[] = [];
    let [total, shown] = [0, 0];
    for (const [index, run] of runs.entries()) {
      for (const [at, tag] of tags.entries()) {
        const curve = data?.find((each) => each.run === run.id && each.tag === tag);
        if (!curve || curve.x.length === 0) continue;
        total += curve.total;
        shown += curve.x.length;
        const begin = curve.time[0] ?? 0;
        const x = drawn === 'duration' ? curve.time.map((each) => each - begin) : curve.x;
        const tone = `series-${((runs.length > 1 ? index : at) % 8) + 1}`;
        const label = runs.length > 1 ? (tags.length > 1 ? `${run.name} ${tag}` : run.name) : tag;
        if (run.faint) {
          curves.unshift({ label, x, y: smooth(curve.value, smoothing), tone: 'ink-3', faint: true, dashed: true });
          continue;
        }
        if (smoothing > 0)
          curves.push({ label: `${label} (${t('chart.raw')})`, x, y: smooth(curve.value, 0), tone, faint: true });
        curves.push({ label, x, y: smooth(curve.value, smoothing), tone });
        if (drawn === 'step') for (const { at } of curve.seams) marks.push({ x: at, label: t('chart.resumed') });
      }
    }
    return { curves, marks, total, shown };
  }, [data, runs, tags, smoothing, drawn, t]);
  return (
    <Card className="min-w-0 p-4">
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <h3 className="truncate font-mono text-xs text-ink-2">{title}</h3>
        <span className="shrink-0 text-2xs text-ink-3">
          {range ? (
            <button type="button" onClick={() => setRange(null)} className="text-accent hover:underline">
              {t('chart.all')}
            </button>
          ) : (
            data && shown < total && t('chart.reduced', { shown: integer(shown), total: integer(total) })
          )}
        </span>
      </div>
      {data ? (
        <div className={isPlaceholderData ? 'opacity-70 transition-opacity' : 'transition-opacity'}>
          <Plot
            curves={curves}
            axis={drawn}
            logarithmic={logarithmic}
            range={range}
            onRange={setRange}
            marks={marks}
            tag={tags[0] ?? ''}
            label={t('chart.of', { tag: title })}
            {...(group ? { group: `${group} ${drawn}` } : {})}
          />
        </div>
      ) : (
        <Skeleton className="h-55" />
      )}
    </Card>
  );
}
