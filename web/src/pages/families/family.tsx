import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ChevronRight, GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryVersion } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { valueText } from '../../lib/config-value.ts';
import { ago, integer, moment, value } from '../../lib/format.ts';
import { useGlance } from '../../lib/glances.ts';
import { classes } from '../../ui/classes.ts';
import { later } from '../../ui/later.tsx';
import { Card, Page, Section, Skeleton, useTitle } from '../../ui/page.tsx';
import { StatusBadge, VerdictBadge } from '../../ui/status.tsx';
import { tagChips } from '../compare/areas.ts';

const Parameter = later(() => import('./parameter.tsx'), <Skeleton className="h-60" />);
const route = getRouteApi('/families/$family');

/** How a family came about: each version with what it changed and what came of it. */
export default function Family() {
  const { t } = useTranslation();
  const { family } = route.useParams();
  const { param } = route.useSearch();
  const navigate = useNavigate({ from: '/families/$family' });
  useTitle(family);
  const { data, error, refetch } = useQuery(ask.history({ family }));
  const keys = [
    ...new Set(
      data?.versions.flatMap(({ changes }) =>
        changes
          .filter(({ area, effective }) => effective && (area === 'config' || area === 'arguments'))
          .map(({ subject }) => subject),
      ),
    ),
  ];
  return (
    <Page
      title={family}
      lead={data && t('runs.count', { count: data.versions.length, shown: integer(data.versions.length) })}
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-96" />
      ) : (
        <>
          {keys.length > 0 && (
            <Section
              title={t('family.parameter')}
              id="parameter"
              aside={
                <select
                  aria-label={t('family.parameter')}
                  value={param ?? keys[0]}
                  onChange={(event) => void navigate({ search: { param: event.target.value }, replace: true })}
                  className="h-7 max-w-52 rounded-md border border-line-strong bg-panel px-2 font-mono text-xs text-ink"
                >
                  {keys.map((key) => (
                    <option key={key}>{key}</option>
                  ))}
                </select>
              }
            >
              <Card className="p-4">
                <Parameter family={family} setting={param ?? keys[0] ?? ''} />
              </Card>
            </Section>
          )}
          <Section title={t('family.history')} id="history">
            <ol className="relative space-y-4 before:absolute before:inset-y-2 before:left-[7px] before:w-px before:bg-line-strong">
              {data.versions.toReversed().map((version) => (
                <Version key={version.id} version={version} />
              ))}
            </ol>
          </Section>
        </>
      )}
    </Page>
  );
}

const dots = { worked: 'bg-good', mixed: 'bg-warn', failed: 'bg-bad' } as const;

function Version({ version }: { version: HistoryVersion }) {
  const { t } = useTranslation();
  const blurred = useBlur();
  const glance = useGlance(version.id);
  const changes = version.changes.filter(({ effective, partOf }) => effective && partOf === null);
  return (
    <li className="relative pl-8">
      <span
        aria-hidden
        className={classes(
          'absolute top-5 left-0 size-[15px] rounded-full border-[3px] border-paper',
          version.verdict ? dots[version.verdict] : 'bg-line-strong',
        )}
      />
      <Card className="p-4">
        <div className="flex gap-4">
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <Link to="/runs/$run" params={{ run: version.id }} className="font-semibold hover:text-accent">
                {version.name}
              </Link>
              <StatusBadge status={version.status} />
              {version.verdict && <VerdictBadge verdict={version.verdict} />}
              {version.loss !== null && (
                <span className="text-xs text-ink-3">
                  {t('compare.loss')} {value(version.loss)}
                </span>
              )}
              <time dateTime={version.startedAt} title={moment(version.startedAt)} className="text-xs text-ink-3">
                {ago(version.startedAt)}
              </time>
              {version.from && (
                <Link
                  to="/compare"
                  search={{ run: [version.from, version.id] }}
                  aria-label={t('family.compareWithBefore', { name: version.name })}
                  className="ml-auto text-ink-3 hover:text-accent"
                >
                  <GitCompareArrows className="size-4" aria-hidden />
                </Link>
              )}
            </div>
            {version.reason && <p className="mt-1 text-sm text-ink-2">{version.reason}</p>}
            {version.verdictWhy && <p className="mt-1 text-sm">{version.verdictWhy}</p>}
            {version.diagnosis && <p className="mt-1 text-sm text-bad">{version.diagnosis.message}</p>}
            <Changes changes={changes} first={version.from === null} />
            <Attempts attempts={version.attempts} />
          </div>
          {glance?.sample && (
            <img
              src={addressOf('samplePreview', { run: version.id, sample: glance.sample.id })}
              alt=""
              loading="lazy"
              className={classes(
                'size-24 shrink-0 rounded-lg bg-sunken object-cover max-sm:size-16',
                blurred && blurClass,
              )}
            />
          )}
        </div>
      </Card>
    </li>
  );
}

const shownAtFirst = 6;

function Changes({ changes, first }: { changes: HistoryVersion['changes']; first: boolean }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (changes.length === 0) {
    return <p className="mt-2 text-xs text-ink-3">{t(first ? 'family.first' : 'family.noChange')}</p>;
  }
  const shown = all ? changes : changes.slice(0, shownAtFirst);
  return (
    <ul className="mt-2.5 space-y-1 text-xs">
      {shown.map((change) => (
        <li key={`${change.area} ${change.subject}`} className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-mono font-medium">{change.subject}</span>
          <span className="font-mono text-ink-2">
            {valueText(change.before) !== valueText(change.after) &&
              [change.before, change.after]
                .filter((each) => each !== null)
                .map(valueText)
                .join(' → ')}
          </span>
          {change.detail && (
            <span className="text-ink-3">{tagChips(change.detail) ? change.detail.slice(0, 120) : change.detail}</span>
          )}
        </li>
      ))}
      {changes.length > shown.length && (
        <li>
          <button type="button" onClick={() => setAll(true)} className="text-accent hover:underline">
            {t('compare.moreParts', { count: changes.length - shown.length })}
          </button>
        </li>
      )}
    </ul>
  );
}

function Attempts({ attempts }: { attempts: HistoryVersion['attempts'] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (attempts.length === 0) return null;
  return (
    <div className="mt-3 text-xs">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="inline-flex items-center gap-1 text-ink-3 hover:text-ink"
      >
        <ChevronRight className={classes('size-3.5 transition-transform', open && 'rotate-90')} aria-hidden />
        {t('family.attempts', { count: attempts.length })}
      </button>
      {open && (
        <ul className="mt-1.5 space-y-1 pl-4">
          {attempts.map((attempt) => (
            <li key={attempt.id} className="flex flex-wrap items-center gap-2">
              <Link to="/runs/$run" params={{ run: attempt.id }} className="hover:text-accent">
                {attempt.name}
              </Link>
              <StatusBadge status={attempt.status} />
              <span className="text-ink-3">{attempt.diagnosis?.message}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
