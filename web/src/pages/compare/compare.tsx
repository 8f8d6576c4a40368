import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowLeftRight, GitCompareArrows, Link2 } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { useActions } from '../../lib/actions.ts';
import { copyText } from '../../lib/copy-text.ts';
import { distinct } from '../../lib/distinct.ts';
import { RunChips, unknown } from '../../lib/pick-run.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import { Empty, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { tell } from '../../ui/tell.ts';
import { Incomparable } from './incomparable.tsx';
import { Outcomes } from './outcomes.tsx';
import { useShared } from './state.ts';

const parts = {
  changes: later(() => import('./changes.tsx'), <Skeleton className="h-96" />),
  settings: later(() => import('./table.tsx'), <Skeleton className="h-96" />),
  charts: later(() => import('./charts.tsx'), <Skeleton className="h-96" />),
  samples: later(() => import('./samples.tsx'), <Skeleton className="h-96" />),
  code: later(() => import('./code.tsx'), <Skeleton className="h-96" />),
} as const;
type Part = keyof typeof parts;
const ofTwo: readonly Part[] = ['changes', 'charts', 'samples', 'code'];
const ofMore: readonly Part[] = ['settings', 'charts', 'samples'];
const most = 12;

/** What differs between runs: by meaning, as curves, as samples, as code. */
export default function Compare() {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/compare' });
  const { run, tab } = useShared();
  const ids = (run ?? []).slice(0, most);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...ask.diff(ids),
    enabled: ids.length >= 2,
    placeholderData: keepPreviousData,
  });
  const diff = useMemo(() => data && { ...data, runs: distinct(data.runs) }, [data]);
  const records = useQueries({ queries: ids.map((id) => ask.run(id)) });
  const runs = distinct(ids.map((id, index) => ({ id, name: records[index]?.data?.name.full ?? unknown })));
  useTitle(diff && ids.length >= 2 ? diff.runs.map(({ name }) => name).join(' · ') : t('nav.compare'));
  const choose = (run: string[]) => void navigate({ search: (before) => ({ ...before, run }) });
  const two = ids.length === 2;
  const available = two ? ofTwo : ofMore;
  const current = available.find((part) => part === tab) ?? available[0] ?? 'changes';
  const Current = parts[current];
  const copy = async () => {
    const isCopied = await copyText(location.href);
    tell(isCopied ? { title: t('compare.linkCopied') } : { title: t('common.notCopied'), tone: 'bad' });
  };
  useActions(
    ids.length < 2
      ? []
      : [
          ...(two ? [{ label: t('compare.swap'), act: () => choose(ids.toReversed()) }] : []),
          { label: t('compare.link'), act: copy },
          ...available.map((part) => ({
            label: `${t('compare.title')}: ${t(`compare.tab.${part}`)}`,
            act: () => navigate({ search: (before) => ({ ...before, tab: part }) }),
          })),
        ],
  );
  return (
    <Page
      wide
      title={t('compare.title')}
      lead={<RunChips runs={runs} most={most} asked={run?.length ?? 0} onChange={choose} />}
      actions={
        ids.length >= 2 && (
          <>
            {two && (
              <IconButton label={t('compare.swap')} onClick={() => choose(ids.toReversed())}>
                <ArrowLeftRight className="size-4" aria-hidden />
              </IconButton>
            )}
            <Button onClick={() => void copy()}>
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
      ) : diff ? (
        <div className={isPlaceholderData ? 'opacity-60 transition-opacity' : 'transition-opacity'}>
          <Outcomes runs={diff.runs} />
          <Incomparable diff={diff} />
          <Tabs
            label={t('compare.parts')}
            current={current}
            tabs={available.map((part) => ({ id: part, label: t(`compare.tab.${part}`) }))}
          />
          {/* What was of two runs cannot be drawn by a part of more. */}
          {isPlaceholderData && (diff.changes !== null) !== two ? (
            <Skeleton className="h-96" />
          ) : (
            <Current diff={diff} />
          )}
        </div>
      ) : (
        <Skeleton className="h-96" />
      )}
    </Page>
  );
}
