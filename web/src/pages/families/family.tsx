import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { useActions } from '../../lib/actions.ts';
import { distinct } from '../../lib/distinct.ts';
import { integer } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { later } from '../../ui/later.tsx';
import { Card, Page, Section, Skeleton, useTitle } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Attempts, Version } from './version.tsx';

const Parameter = later(() => import('./parameter.tsx'), <Skeleton className="h-79 max-sm:h-84" />);
/** So many versions at once: of hundreds the latest, and the others when they are asked for. */
const shownAtOnce = 50;
const route = getRouteApi('/families/$family');

/** How a family came about: each version with what it changed and what came of it. */
export default function Family() {
  const { t } = useTranslation();
  const { family } = route.useParams();
  const { param, against = 'loss', versions: shown = shownAtOnce } = route.useSearch();
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
  const change = (next: object) =>
    void navigate({ search: (before) => ({ ...before, ...next }) as never, replace: true, resetScroll: false });
  const history = distinct(data?.versions ?? []).toReversed();
  const older = history.length - shown;
  const attempts = data ? data.attempts.length + data.versions.reduce((sum, each) => sum + each.attempts.length, 0) : 0;
  useActions([
    ...keys.map((key) => ({ label: `${t('family.parameter')}: ${key}`, act: () => change({ param: key }) })),
    ...(data && data.versions.length >= 2
      ? [
          {
            label: t('family.compareLast'),
            act: () => navigate({ to: '/compare', search: { run: data.versions.slice(-2).map(({ id }) => id) } }),
          },
        ]
      : []),
  ]);
  return (
    <Page
      wide="columns"
      title={family}
      lead={
        data
          ? [
              t('family.versions', { count: data.versions.length, shown: integer(data.versions.length) }),
              attempts > 0 && t('family.cameToNothing', { count: attempts }),
            ]
              .filter(Boolean)
              .join(' · ')
          : '\u00a0'
      }
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-96" />
      ) : (
        <div
          className={classes(
            'grid grid-cols-1 items-start gap-x-10',
            keys.length > 0 ? 'min-[112rem]:grid-cols-[minmax(0,1fr)_minmax(0,62rem)]' : 'max-w-[72rem]',
          )}
        >
          {keys.length > 0 && (
            <Section
              title={t('family.parameter')}
              id="parameter"
              aside={
                <span className="flex flex-wrap items-center justify-end gap-2">
                  <select
                    aria-label={t('family.parameter')}
                    value={param ?? keys[0]}
                    onChange={(event) => change({ param: event.target.value })}
                    className="h-8 max-w-52 rounded-md border border-line-strong bg-panel px-2 font-mono text-xs text-ink"
                  >
                    {/* One that an address names is offered, too. */}
                    {[...new Set([...keys, ...(param ? [param] : [])])].map((key) => (
                      <option key={key}>{key}</option>
                    ))}
                  </select>
                  <Segments
                    label={t('family.against')}
                    value={against}
                    onChange={(next) => change({ against: next === 'loss' ? undefined : next })}
                    options={[
                      { value: 'loss', label: t('family.lastLoss') },
                      { value: 'verdict', label: t('run.verdict') },
                    ]}
                  />
                </span>
              }
            >
              <Card className="p-4">
                <Parameter family={family} setting={param ?? keys[0] ?? ''} against={against} />
              </Card>
            </Section>
          )}
          <Section title={t('family.history')} id="history">
            <Attempts attempts={data.attempts} label="family.attemptsSince" />
            <ol className="relative mt-2 space-y-4 before:absolute before:inset-y-2 before:left-[7px] before:w-px before:bg-line-strong">
              {history.slice(0, shown).map((version) => (
                <Version key={version.id} version={version} name={version.name} />
              ))}
            </ol>
            {older > 0 && (
              <Button className="mt-4 ml-8" onClick={() => change({ versions: shown + shownAtOnce })}>
                {t('family.older', { count: Math.min(older, shownAtOnce), all: integer(older) })}
              </Button>
            )}
          </Section>
        </div>
      )}
    </Page>
  );
}
