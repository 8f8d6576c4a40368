import { useQuery } from '@tanstack/react-query';
import { LineChart } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../app/queries.ts';
import { curvesOf } from '../../chart/curves.ts';
import { type Curve, Plot } from '../../chart/plot.tsx';
import { smooth } from '../../chart/smooth.ts';
import { useFreshPoints } from '../../chart/use-fresh.ts';
import { Skeleton } from '../../ui/page.tsx';
import { useListed } from './address.ts';
import { usePrevious } from './previous.ts';

const wanted = ['loss/current', 'loss/average', 'loss', 'loss/train_step', 'train/loss'];
const weight = 0.9;

/** The loss at a glance: raw and smoothed, with the version before behind it. */
export default function LossChart({ run }: { run: string }) {
  const { t } = useTranslation();
  const series = useQuery(ask.series(run)).data?.series;
  const previous = usePrevious(run);
  const tag = wanted.find((each) => series?.some((found) => found.tag === each));
  useFreshPoints([run]);
  const [hidden, hide] = useListed('hide');
  const runs = previous ? [run, previous.id] : [run];
  const { data } = useQuery(curvesOf({ runs, tags: tag ? [tag] : [], range: null }));
  const curves = useMemo(() => {
    const found: Curve[] = [];
    const before = data?.find((curve) => curve.run === previous?.id);
    const own = data?.find((curve) => curve.run === run);
    if (before && previous)
      found.push({
        key: `${previous.id.slice(-6)} ${tag}`,
        label: previous.name,
        x: before.x,
        y: smooth(before.value, weight),
        raw: before.value,
        tone: 'ink-3',
        dashed: true,
        faint: true,
      });
    if (own && tag) {
      found.push({
        key: `${tag} raw`,
        label: tag,
        x: own.x,
        y: smooth(own.value, 0),
        raw: own.value,
        tone: 'series-1',
        faint: true,
      });
      found.push({
        key: tag,
        label: t('chart.smoothed'),
        x: own.x,
        y: smooth(own.value, weight),
        raw: own.value,
        tone: 'series-1',
      });
    }
    return found;
  }, [data, run, previous, tag, t]);
  if (series && !tag) {
    return (
      <p className="flex h-60 flex-col items-center justify-center gap-2 text-sm text-ink-3">
        <LineChart className="size-7" aria-hidden />
        {t('chart.none')}
      </p>
    );
  }
  if (!data) return <Skeleton className="h-[17.875rem] max-sm:h-[19.5rem]" />;
  return (
    <Plot
      curves={curves}
      axis="step"
      range={null}
      hidden={hidden}
      onHidden={hide}
      label={t('chart.of', { tag: tag ?? '' })}
      height={240}
    />
  );
}
