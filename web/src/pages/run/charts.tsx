import { useQuery } from '@tanstack/react-query';
import { LineChart } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { ChartCard } from '../../chart/chart-card.tsx';
import { ChartControls } from '../../chart/controls.tsx';
import { chartGroups } from '../../chart/groups.ts';
import { useFreshPoints } from '../../chart/use-fresh.ts';
import { readZoom, writeZoom } from '../../chart/zoom.ts';
import { Empty, Section, Skeleton } from '../../ui/page.tsx';
import { useAddress, useListed } from './address.ts';
import { usePrevious } from './previous.ts';

const usualSmoothing = 0.8;

export default function Charts({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const [{ smooth = usualSmoothing, log = false, x, zoom: zoomed, previous: behind }, search] = useAddress();
  const [hidden, hide] = useListed('hide');
  const [tables, putTable] = useListed('table');
  const series = useQuery(ask.series(run.id)).data?.series;
  const previous = usePrevious(run.id);
  const isBehind = previous !== null && behind !== 'off';
  useFreshPoints([run.id]);
  const smoothing = useDeferredValue(smooth);
  const groups = useMemo(() => chartGroups((series ?? []).map(({ tag }) => tag)), [series]);
  const runs = useMemo(
    () => [
      { id: run.id, name: run.name.full },
      ...(isBehind
        ? [{ ...previous, faint: run.status === 'running' ? ('whole' as const) : ('beside' as const) }]
        : []),
    ],
    [run.id, run.name.full, run.status, previous, isBehind],
  );
  const zoom = useMemo(() => readZoom(zoomed), [zoomed]);
  if (!series) return <Skeleton className="h-96" />;
  if (series.length === 0) {
    return (
      <Empty icon={<LineChart />} title={t('chart.none')}>
        {t('chart.noneHint')}
      </Empty>
    );
  }
  return (
    <>
      <ChartControls
        smoothing={smooth}
        onSmoothing={(next) => search({ smooth: next === usualSmoothing ? undefined : next })}
        logarithmic={log}
        onLogarithmic={(next) => search({ log: next || undefined })}
        axis={x === 'time' ? 'time' : 'step'}
        onAxis={(next) => search({ x: next === 'time' ? 'time' : undefined })}
        previous={previous && { name: previous.name, shown: isBehind }}
        onPrevious={(next) => search({ previous: next ? undefined : 'off' })}
      />
      {groups.map(({ name, charts }) => (
        <Section key={name} title={t(`chart.group.${name}`, { defaultValue: name })} id={`charts-${name}`}>
          <div className="grid grid-cols-1 gap-4 lg:grid-cols-2 2xl:grid-cols-3">
            {charts.map(({ title, tags }) => (
              <ChartCard
                key={title}
                title={title}
                tags={tags}
                runs={runs}
                smoothing={name === 'loss' ? smoothing : 0}
                logarithmic={log}
                axis={x === 'time' ? 'time' : 'step'}
                group={run.id}
                zoom={zoom}
                onZoom={(next) => search({ zoom: writeZoom(next) })}
                hidden={hidden}
                onHidden={hide}
                asTable={tables.has(title)}
                onTable={(on) => putTable(title, on)}
              />
            ))}
          </div>
        </Section>
      ))}
    </>
  );
}
