import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ListTree } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Family } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { useDraft } from '../../lib/draft.ts';
import { ago, integer } from '../../lib/format.ts';
import { useGlance } from '../../lib/glances.ts';
import { classes } from '../../ui/classes.ts';
import { SearchField } from '../../ui/input.tsx';
import { Empty, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { StatusBadge, VerdictBadge } from '../../ui/status.tsx';

const route = getRouteApi('/families');
/** Of fewer a person needs no search. */
const few = 6;

/** All families, that of the latest run first. */
export default function Families() {
  const { t } = useTranslation();
  useTitle(t('nav.families'));
  const navigate = useNavigate({ from: '/families' });
  const [{ q = '' }, change] = useDraft(route.useSearch(), (next) => {
    void navigate({ search: (before) => ({ ...before, ...next }) as never, replace: true, resetScroll: false });
  });
  const { data, error, refetch } = useQuery(ask.families(''));
  const words = q.trim().toLowerCase();
  const found = data?.families.filter(({ family }) => family.toLowerCase().includes(words));
  return (
    <Page
      wide="columns"
      title={t('nav.families')}
      lead={t('families.lead')}
      actions={
        data &&
        (data.families.length > few || words !== '') && (
          <SearchField
            label={t('families.find')}
            value={q}
            onChange={(event) => change({ q: event.target.value || undefined } as never)}
            className="w-56"
          />
        )
      }
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data || !found ? (
        <Skeleton className="h-64" />
      ) : data.families.length === 0 ? (
        <Empty icon={<ListTree />} title={t('runs.none')}>
          {t('families.noneHint')}
        </Empty>
      ) : found.length === 0 ? (
        <Empty icon={<ListTree />} title={t('families.noneMatch')} />
      ) : (
        <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3 min-[112rem]:grid-cols-[repeat(auto-fill,minmax(23rem,1fr))]">
          {found.map((family) => (
            <li key={family.family} className="[content-visibility:auto] [contain-intrinsic-size:auto_8rem]">
              <Tile family={family} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function Tile({ family }: { family: Family }) {
  const { t } = useTranslation();
  const blurred = useBlur();
  const { latest } = family;
  const glance = useGlance(latest.id);
  return (
    <Link
      to="/families/$family"
      params={{ family: family.family }}
      className="flex h-full gap-3 rounded-xl border border-line bg-panel p-3 hover:border-line-strong"
    >
      <span className="size-20 shrink-0 overflow-hidden rounded-lg bg-sunken">
        {glance?.sample && (
          <img
            src={addressOf('samplePreview', { run: latest.id, sample: glance.sample.id })}
            alt=""
            loading="lazy"
            className={classes('size-full object-cover', blurred && blurClass)}
          />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">{family.family || t('runs.noFamily')}</span>
        <span className="block text-xs text-ink-3">
          {t('runs.count', { count: family.runs, shown: integer(family.runs) })} · {ago(latest.startedAt)}
        </span>
        <span className="mt-1.5 flex flex-wrap items-center gap-1.5">
          <StatusBadge status={latest.status} />
          {latest.verdict && <VerdictBadge verdict={latest.verdict} />}
        </span>
        <span className="mt-1 block h-6">
          {glance && glance.loss.length > 1 && <Sparkline values={glance.loss} width={140} height={22} />}
        </span>
      </span>
    </Link>
  );
}
