import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { ChartCard } from '../../chart/chart-card.tsx';
import { ChartControls } from '../../chart/controls.tsx';
import { chartGroups } from '../../chart/groups.ts';
import { useFreshPoints } from '../../chart/use-fresh.ts';
import { useWatched } from '../../lib/live.ts';
import { Empty, Section, Skeleton } from '../../ui/page.tsx';

/** The curves of the runs over each other. */
export default function CompareCharts({ diff }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  const [smoothing, setSmoothing] = useState(0.9);
  const [logarithmic, setLogarithmic] = useState(false);
  const [axis, setAxis] = useState<'step' | 'time'>('step');
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
        smoothing={smoothing}
        onSmoothing={setSmoothing}
        logarithmic={logarithmic}
        onLogarithmic={setLogarithmic}
        axis={axis}
        onAxis={setAxis}
      />
      {groups.map(({ name, tags }) => (
        <Section key={name} title={t(`chart.group.${name}`, { defaultValue: name })} id={`charts-${name}`}>
          <div className="grid gap-4 lg:grid-cols-2">
            {tags.map((tag) => (
              <ChartCard
                key={tag}
                title={tag}
                tags={[tag]}
                runs={runs}
                smoothing={name === 'loss' ? smoothing : 0}
                logarithmic={logarithmic}
                axis={axis}
                group="compare"
              />
            ))}
          </div>
        </Section>
      ))}
    </>
  );
}
