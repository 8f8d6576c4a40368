import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Info, RotateCw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { useActions } from '../../lib/actions.ts';
import { api } from '../../lib/api.ts';
import { useSay } from '../../said/said.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Copy } from '../../ui/copy.tsx';
import { Card, Section, Skeleton } from '../../ui/page.tsx';

type Finding = Answer<'doctor'>['findings'][number];

const signs = {
  ok: [CircleCheck, 'text-good'],
  note: [Info, 'text-info'],
  warning: [TriangleAlert, 'text-warn'],
  error: [CircleAlert, 'text-bad'],
} as const;

/** Whether the machine has what recording needs: every check, what mends it, and the command that does. */
export function Doctor() {
  const { t } = useTranslation();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['doctor'],
    queryFn: () => api('doctor', {}),
    staleTime: 0,
  });
  useActions([{ label: `${t('settings.doctor')}: ${t('settings.examine')}`, act: () => refetch() }]);
  return (
    <Section
      title={t('settings.doctor')}
      id="doctor"
      aside={
        <Button look="quiet" disabled={isFetching} onClick={() => void refetch()}>
          <RotateCw className={classes('size-4', isFetching && 'motion-safe:animate-spin')} aria-hidden />
          {t(isFetching ? 'settings.examining' : 'settings.examine')}
        </Button>
      }
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-96" />
      ) : (
        <Card className="divide-y divide-line">
          <Verdict findings={data.findings} />
          {data.findings.map((finding) => (
            <Row key={`${finding.check} ${finding.message}`} finding={finding} />
          ))}
        </Card>
      )}
    </Section>
  );
}

function Verdict({ findings }: { findings: readonly Finding[] }) {
  const { t } = useTranslation();
  const count = (state: Finding['state']) => findings.filter((each) => each.state === state).length;
  const [errors, warnings] = [count('error'), count('warning')];
  return (
    <p role="status" className="flex flex-wrap items-center gap-2 px-4 py-2.5 text-sm">
      {errors > 0 && <Badge tone="bad">{t('settings.errors', { count: errors })}</Badge>}
      {warnings > 0 && <Badge tone="warn">{t('settings.warnings', { count: warnings })}</Badge>}
      {errors + warnings === 0 && <Badge tone="good">{t('settings.allWell')}</Badge>}
      <span className="text-xs text-ink-3">{t('settings.checks', { count: findings.length })}</span>
    </p>
  );
}

function Row({ finding: { check, state, message, hint, commands } }: { finding: Finding }) {
  const { t } = useTranslation();
  const say = useSay();
  const [Icon, tone] = signs[state];
  return (
    <div className="flex gap-3 px-4 py-2.5 text-sm">
      <Icon className={classes('mt-0.5 size-4 shrink-0', tone)} role="img" aria-label={t(`settings.state.${state}`)} />
      <div className="min-w-0 flex-1 gap-x-4 sm:grid sm:grid-cols-[9rem_minmax(0,1fr)]">
        <span className="font-medium">{t(`settings.check.${check}`, { defaultValue: check })}</span>
        <div className="min-w-0 break-words">
          {say(message)}
          {hint && <p className="text-xs text-ink-2">{say(hint)}</p>}
          {commands.length > 0 && (
            <ul className="mt-1.5 flex flex-wrap gap-2">
              {commands.map((command) => (
                <li key={command} className="max-w-full rounded-md bg-sunken px-2 py-1">
                  <Copy text={command} />
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </div>
  );
}
