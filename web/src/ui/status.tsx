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
  return <StatusMark status={status} word={t(`status.${status}`)} />;
}

/** The same for whoever has its word already: rows come into view by the hundred. */
export function StatusMark({ status, word }: { status: RunStatus; word: string }) {
  return (
    <Badge tone={tones[status]}>
      <span aria-hidden className={classes('size-1.5 rounded-full', dots[status])} />
      {word}
    </Badge>
  );
}

const verdictTones: Record<VerdictValue, Tone> = { worked: 'good', mixed: 'warn', failed: 'bad' };

export function VerdictBadge({ verdict, why }: { verdict: VerdictValue; why?: string | null }) {
  const { t } = useTranslation();
  return <VerdictMark verdict={verdict} word={t(`verdict.${verdict}`)} why={why} />;
}

/** As `StatusMark`. */
export function VerdictMark({
  verdict,
  word,
  why,
}: {
  verdict: VerdictValue;
  word: string;
  why?: string | null | undefined;
}) {
  return (
    <Badge tone={verdictTones[verdict]} title={why ?? undefined}>
      {word}
    </Badge>
  );
}
