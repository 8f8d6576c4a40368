import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { GitCompareArrows, Grid3x3 } from 'lucide-react';

import { useTranslation } from 'react-i18next';
import { ask } from '../../app/queries.ts';
import { ago, moment } from '../../lib/format.ts';
import { useWatched } from '../../lib/live.ts';
import { isShared } from '../../lib/site.ts';
import { Badge } from '../../ui/badge.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import { Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { StatusBadge, VerdictBadge } from '../../ui/status.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ByName } from './by-name.tsx';
import { usePrevious } from './previous.ts';
import { RunActions } from './run-actions.tsx';
import { VerdictMenu } from './verdict.tsx';

const Gone = later(() => import('./gone.tsx'), <Skeleton className="m-6 h-96" />);

const parts = {
  overview: later(() => import('./overview.tsx'), <Skeleton className="h-96" />),
  charts: later(() => import('./charts.tsx'), <Skeleton className="h-96" />),
  samples: later(() => import('./samples.tsx'), <Skeleton className="h-96" />),
  log: later(() => import('./log.tsx'), <Skeleton className="h-96" />),
  inputs: later(() => import('./inputs.tsx'), <Skeleton className="h-96" />),
  checkpoints: later(() => import('./checkpoints.tsx'), <Skeleton className="h-96" />),
  notes: later(() => import('./notes.tsx'), <Skeleton className="h-96" />),
  journal: later(() => import('./journal.tsx'), <Skeleton className="h-96" />),
} as const;
type Part = keyof typeof parts;
const isPart = (text: string | undefined): text is Part => text !== undefined && Object.hasOwn(parts, text);

/** Those that have use for all of a wide window; the heading stays where it is for all. */
const isWide: Partial<Record<Part, true>> = { charts: true, samples: true, log: true };

const route = getRouteApi('/runs/$run');
const isId = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

export default function RunPage() {
  const { run } = route.useParams();
  return isShared || isId.test(run) ? <OfId /> : <ByName name={run} />;
}

/** One run, whole: how it went, what it made, and everything that made it. */
function OfId() {
  const { t } = useTranslation();
  const { run: id } = route.useParams();
  const { tab } = route.useSearch();
  const { data: run, error, refetch } = useQuery(ask.run(id));
  useTitle(run?.name.full ?? '');
  useWatched([id]);
  const previous = usePrevious(id);
  const current = isPart(tab) ? tab : 'overview';
  const Current = parts[current];
  if (error) {
    return <Gone run={id} error={error} onRetry={() => void refetch()} />;
  }
  const samples = run?.artifacts.filter(({ kind }) => kind === 'sample').length;
  const checkpoints = run?.artifacts.filter(({ kind }) => kind === 'checkpoint').length;
  const counts: Partial<Record<Part, number | undefined>> = { samples, checkpoints, notes: run?.notes.length };
  return (
    <Page
      wide
      title={run ? run.name.full : <Skeleton className="h-7 w-64" />}
      lead={
        run ? (
          <span className="flex h-6 items-center gap-x-2 overflow-x-auto whitespace-nowrap [scrollbar-width:none]">
            <StatusBadge status={run.status} />
            {run.verdict && <VerdictBadge verdict={run.verdict} why={run.verdictWhy} />}
            <Link
              to="/families/$family"
              params={{ family: run.family }}
              className="underline decoration-line-strong underline-offset-2 hover:text-ink"
            >
              {run.family}
            </Link>
            <span aria-hidden>·</span>
            <time dateTime={run.startedAt} title={moment(run.startedAt)}>
              {ago(run.startedAt)}
            </time>
            {run.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        ) : (
          <Skeleton className="h-6 w-40" />
        )
      }
      actions={
        run ? (
          <>
            {previous && (
              // Known last: on a phone, where buttons begin at the left, it would push the others.
              <Link
                to="/compare"
                search={{ run: [previous.id, id] }}
                className={buttonClass('plain', 'px-3 max-sm:order-last')}
              >
                <GitCompareArrows className="size-4" aria-hidden />
                <span className="max-sm:sr-only">{t('run.comparePrevious', { name: previous.name })}</span>
              </Link>
            )}
            {samples !== undefined && samples > 0 && (
              <Link to="/samples" search={{ run: [id] }} className={buttonClass()}>
                <Grid3x3 className="size-4" aria-hidden />
                <span className="max-sm:sr-only">{t('run.matrix')}</span>
              </Link>
            )}
            {!isShared && (
              <>
                <VerdictMenu run={run} />
                <RunActions run={run} />
              </>
            )}
          </>
        ) : (
          <Skeleton className="h-8 w-64" />
        )
      }
    >
      <Tabs
        label={t('run.tabs')}
        current={current}
        tabs={(Object.keys(parts) as Part[]).map((part) => ({
          id: part,
          label: t(`run.tab.${part}`),
          count: counts[part] ?? null,
        }))}
      />
      <div className={isWide[current] ? undefined : 'max-w-[84rem]'}>
        {run ? <Current run={run} /> : <Skeleton className="h-96" />}
      </div>
    </Page>
  );
}
