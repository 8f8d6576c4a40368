import { useTranslation } from 'react-i18next';
import type { RunRow } from '../../../src/api/index.ts';
import { Badge, type Tone } from './badge.tsx';
import { classes } from './classes.ts';

export type RunStatus = RunRow['status'];
export type VerdictValue = NonNullable<RunRow['verdict']>;

const tones: Record<RunStatus, Tone> = {
  running: 'info',
  succeeded: 'good',
  failed: 'bad',
  interrupted: 'warn',
  lost: 'neutral',
};

const dots: Record<RunStatus, string> = {
  running: 'bg-info motion-safe:animate-pulse',
  succeeded: 'bg-good',
  failed: 'bg-bad',
  interrupted: 'bg-warn',
  lost: 'bg-ink-3',
};

export function StatusBadge({ status }: { status: RunStatus }) {
  const { t } = useTranslation();
  return (
    <Badge tone={tones[status]}>
      <span aria-hidden className={classes('size-1.5 rounded-full', dots[status])} />
      {t(`status.${status}`)}
    </Badge>
  );
}

const verdictTones: Record<VerdictValue, Tone> = { worked: 'good', mixed: 'warn', failed: 'bad' };

export function VerdictBadge({ verdict, why }: { verdict: VerdictValue; why?: string | null }) {
  const { t } = useTranslation();
  return (
    <Badge tone={verdictTones[verdict]} title={why ?? undefined}>
      {t(`verdict.${verdict}`)}
    </Badge>
  );
}
