import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeftRight, GitCompareArrows, Grid3x3, Link2 } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { valueText } from '../../lib/config-value.ts';
import { distinct } from '../../lib/distinct.ts';
import { RunChips } from '../../lib/pick-run.tsx';
import { Button, buttonClass, IconButton } from '../../ui/button.tsx';
import { Empty, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { tell } from '../../ui/tell.ts';
import { Outcomes } from './outcomes.tsx';

const parts = {
  changes: lazy(() => import('./changes.tsx')),
  charts: lazy(() => import('./charts.tsx')),
  settings: lazy(() => import('./table.tsx')),
  code: lazy(() => import('./code.tsx')),
} as const;
type Part = keyof typeof parts;
const route = getRouteApi('/compare');
const most = 12;

/** What differs between runs: by meaning, as curves, as samples, as code. */
export default function Compare() {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/compare' });
  const { run: ids = [], tab } = route.useSearch();
  const { data: found, error, refetch } = useQuery({ ...ask.diff(ids.slice(0, most)), enabled: ids.length >= 2 });
  const data = useMemo(() => found && { ...found, runs: distinct(found.runs) }, [found]);
  useTitle(data ? data.runs.map(({ name }) => name).join(' · ') : t('nav.compare'));
  const names = useQuery({ ...ask.run(ids[0] ?? ''), enabled: ids.length === 1 }).data;
  const runs = data?.runs ?? (names && ids[0] ? [{ id: ids[0], name: names.name.full }] : []);
  const choose = (run: string[]) => void navigate({ search: (before) => ({ ...before, run }) });
  const two = ids.length === 2;
  const available = (Object.keys(parts) as Part[]).filter((part) =>
    two ? part !== 'settings' : part === 'settings' || part === 'charts',
  );
  const current = available.find((part) => part === tab) ?? available[0] ?? 'changes';
  const Current = parts[current];
  return (
    <Page
      wide
      title={t('compare.title')}
      lead={<RunChips runs={runs} most={most} onChange={choose} />}
      actions={
        ids.length >= 2 && (
          <>
            {two && (
              <IconButton label={t('compare.swap')} onClick={() => choose(ids.toReversed())}>
                <ArrowLeftRight className="size-4" aria-hidden />
              </IconButton>
            )}
            <Link to="/samples" search={{ run: ids }} className={buttonClass()}>
              <Grid3x3 className="size-4" aria-hidden />
              {t('run.matrix')}
            </Link>
            <Button
              onClick={() =>
                void navigator.clipboard?.writeText(location.href).then(() => tell({ title: t('compare.linkCopied') }))
              }
            >
              <Link2 className="size-4" aria-hidden />
              {t('compare.link')}
            </Button>
          </>
        )
      }
    >
      {ids.length < 2 ? (
        <Empty icon={<GitCompareArrows />} title={t('compare.choose')}>
          {t('compare.chooseHint')}
        </Empty>
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <>
          <Outcomes runs={data.runs} />
          {data.incomparable.length > 0 && (
            <p className="mb-6 rounded-lg bg-warn-soft px-4 py-2.5 text-sm">
              <strong className="font-medium text-warn">{t('compare.incomparable')}</strong>{' '}
              {data.incomparable
                .map(({ subject, values }) =>
                  subject === 'dataset' ? t('run.dataset') : `${subject} ${values.map(valueText).join(' / ')}`,
                )
                .join(' · ')}
            </p>
          )}
          <Tabs
            label={t('compare.parts')}
            current={current}
            tabs={available.map((part) => ({ id: part, label: t(`compare.tab.${part}`) }))}
          />
          <Suspense fallback={<Skeleton className="h-96" />}>
            <Current diff={data} />
          </Suspense>
        </>
      ) : (
        <Skeleton className="h-96" />
      )}
    </Page>
  );
}
