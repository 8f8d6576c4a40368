import { useQueries } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { ChartCard } from '../../chart/chart-card.tsx';
import { ChartControls } from '../../chart/controls.tsx';
import { chartGroups } from '../../chart/groups.ts';
import { useFreshPoints } from '../../chart/use-fresh.ts';
import { readZoom, writeZoom } from '../../chart/zoom.ts';
import { useWatched } from '../../lib/live.ts';
import { Empty, Section, Skeleton } from '../../ui/page.tsx';
import { useShared } from './state.ts';

const usualSmoothing = 0.9;

/** The curves of the runs over each other. */
export default function CompareCharts({ diff }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  const { smooth = usualSmoothing, log = false, x, zoom: zoomed, hide = [], table = [], change } = useShared();
  const hidden = useMemo(() => new Set(hide), [hide]);
  const put = (name: 'hide' | 'table', list: readonly string[], key: string, on: boolean) => {
    const next = [...list.filter((each) => each !== key), ...(on ? [key] : [])];
    change({ [name]: next.length === 0 ? undefined : next });
  };
  const smoothing = useDeferredValue(smooth);
  const zoom = useMemo(() => readZoom(zoomed), [zoomed]);
  const axis = x === 'time' ? 'time' : 'step';
  const ids = diff.runs.map(({ id }) => id);
  useWatched(ids);
  useFreshPoints(ids);
  const series = useQueries({ queries: ids.map((id) => ask.series(id)) });
  const tags = [...new Set(series.flatMap(({ data }) => data?.series.map(({ tag }) => tag) ?? []))].sort();
  const key = tags.join(' ');
  // Each tag in a chart of its own: the colours are the runs'.
  const groups = useMemo(
    () =>
      chartGroups(key === '' ? [] : key.split(' '))
        .filter(({ name }) => name !== 'machine')
        .map(({ name, charts }) => ({ name, tags: charts.flatMap((chart) => chart.tags) })),
    [key],
  );
  const runs = useMemo(() => diff.runs.map(({ id, name }) => ({ id, name })), [diff]);
  if (series.some(({ isPending }) => isPending)) return <Skeleton className="h-96" />;
  if (tags.length === 0) return <Empty title={t('chart.none')}>{t('chart.noneHint')}</Empty>;
  return (
    <>
      <ChartControls
        smoothing={smooth}
        onSmoothing={(next) => change({ smooth: next === usualSmoothing ? undefined : next })}
        logarithmic={log}
        onLogarithmic={(next) => change({ log: next || undefined })}
        axis={axis}
        onAxis={(next) => change({ x: next === 'time' ? 'time' : undefined })}
      />
      {groups.map(({ name, tags }) => (
        <Section key={name} title={t(`chart.group.${name}`, { defaultValue: name })} id={`charts-${name}`}>
          <div className="grid grid-cols-1 gap-4 lg:grid-cols-2 2xl:grid-cols-3">
            {tags.map((tag) => (
              <ChartCard
                key={tag}
                title={tag}
                tags={[tag]}
                runs={runs}
                smoothing={name === 'loss' ? smoothing : 0}
                logarithmic={log}
                axis={axis}
                group="compare"
                zoom={zoom}
                onZoom={(next) => change({ zoom: writeZoom(next) })}
                hidden={hidden}
                onHidden={(key, off) => put('hide', hide, key, off)}
                asTable={table.includes(tag)}
                onTable={(on) => put('table', table, tag, on)}
              />
            ))}
          </div>
        </Section>
      ))}
    </>
  );
}
