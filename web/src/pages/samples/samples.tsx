import { useQueries } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../app/queries.ts';
import { distinct } from '../../lib/distinct.ts';
import { useWatched } from '../../lib/live.ts';
import { RunChips } from '../../lib/pick-run.tsx';
import { isShared } from '../../lib/site.ts';
import { Empty, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { type SampleRun, sampleGrid } from './grid.ts';

const views = {
  matrix: lazy(() => import('./matrix.tsx')),
  step: lazy(() => import('./one-step.tsx')),
  pair: lazy(() => import('./pair.tsx')),
  blind: lazy(() => import('./blind.tsx')),
} as const;
export type ViewName = keyof typeof views;
const route = getRouteApi('/samples');
const most = 6;

/** Samples of one run or several: prompts by steps, one step at a time, two runs against each other. */
export default function Samples() {
  const { t } = useTranslation();
  useTitle(t('samples.title'));
  const navigate = useNavigate({ from: '/samples' });
  const search = route.useSearch();
  const ids = useMemo(() => (search.run ?? []).slice(0, most), [search.run]);
  useWatched(ids);
  const records = useQueries({ queries: ids.map((id) => ask.run(id)) });
  const samples = useQueries({ queries: ids.map((id) => ask.samples(id)) });
  const isPending = records.some((each) => each.isPending) || samples.some((each) => each.isPending);
  const runs: SampleRun[] = distinct(
    ids.map((id, index) => ({
      id,
      name: records[index]?.data?.name.full ?? id,
      samples: samples[index]?.data?.samples ?? [],
    })),
  );
  const key = samples.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` tells when the samples are others
  const grid = useMemo(() => sampleGrid(runs), [key, ids]);
  const available = (Object.keys(views) as ViewName[]).filter(
    (view) => (ids.length === 2 && !(isShared && view === 'blind')) || view === 'matrix' || view === 'step',
  );
  const current = available.find((view) => view === search.view) ?? 'matrix';
  const View = views[current];
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <Page
      wide
      title={t('samples.title')}
      lead={
        <RunChips
          runs={runs}
          most={most}
          onChange={(run) => void navigate({ search: (before) => ({ ...before, run }) })}
        />
      }
      actions={
        ids.length > 0 && (
          <Segments
            label={t('samples.view')}
            value={current}
            onChange={(view) => change({ view })}
            options={available.map((view) => ({ value: view, label: t(`samples.views.${view}`) }))}
          />
        )
      }
    >
      {ids.length > 0 && isPending ? (
        <Skeleton className="h-96" />
      ) : grid.places.length === 0 ? (
        <Empty icon={<Images />} title={t('samples.none')}>
          {t('samples.noneHint')}
        </Empty>
      ) : (
        <Suspense fallback={<Skeleton className="h-96" />}>
          <View
            runs={runs}
            grid={grid}
            place={grid.places.find(({ step }) => step === search.step) ?? grid.places.at(-1) ?? null}
            prompt={grid.rows.find(({ index }) => index === search.prompt) ?? grid.rows[0] ?? null}
            onPlace={(place) => change({ step: place.step ?? undefined } as never)}
            onPrompt={(index) => change({ prompt: index })}
            onView={(view) => change({ view })}
          />
        </Suspense>
      )}
    </Page>
  );
}
