import type { TFunction } from 'i18next';
import type { Glance, RunRow as Run } from '../../../../src/api/index.ts';
import { ago, duration, integer, moment, value } from '../../lib/format.ts';
import { useProgress } from '../../lib/live.ts';
import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { ProgressBar } from '../../ui/progress.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { StatusMark, VerdictMark } from '../../ui/status.tsx';
import { Unknown } from '../../ui/unknown.tsx';
import { type ColumnName, settingOf } from './columns.ts';

/** What all rows are shown by, asked for once: a hook in each cell is felt where hundreds a second come into view. */
export interface Shown {
  columns: readonly ColumnName[];
  /** Of the whole row, for the grid. */
  template: string;
  t: TFunction;
  /** Milliseconds since 1970. */
  now: number;
  blurred: boolean;
}

interface Of {
  run: Run;
  shown: Shown;
}

export function Cell({ column, run, glance, shown }: Of & { column: ColumnName; glance: Glance | null }) {
  const key = settingOf(column);
  if (key !== null) {
    const found = run.settings[key];
    if (found === undefined || found === '') return <NotRecorded shown={shown} />;
    const text = typeof found === 'number' ? value(found) : found;
    return (
      <span className="block truncate font-mono text-xs" title={text}>
        {text}
      </span>
    );
  }
  switch (column) {
    case 'reason':
      return <Why run={run} />;
    case 'tags':
      return (
        <span className="flex min-w-0 gap-1">
          <Tags tags={run.tags} />
        </span>
      );
    case 'status':
      return <Status run={run} shown={shown} />;
    case 'curve':
      return glance && glance.loss.length > 1 ? <Sparkline values={glance.loss} width={104} height={26} /> : null;
    case 'loss':
      return run.status === 'running' ? <LossNow run={run} shown={shown} /> : <Loss loss={run.loss} shown={shown} />;
    case 'step':
      return run.step === null ? (
        <NotRecorded shown={shown} />
      ) : (
        <span className="tabular-nums">{integer(run.step)}</span>
      );
    case 'stars':
      return run.stars > 0 && <span className="tabular-nums">{integer(run.stars)}</span>;
    case 'verdict':
      return run.verdict && <VerdictMark verdict={run.verdict} word={shown.t(`verdict.${run.verdict}`)} />;
    case 'duration':
      return <Took run={run} shown={shown} />;
    case 'when':
      return (
        <time dateTime={run.startedAt} title={moment(run.startedAt)} className="text-ink-2">
          {ago(run.startedAt, shown.now)}
        </time>
      );
    case 'host':
      return <span className="block truncate text-ink-2">{run.host}</span>;
    case 'trainer':
      return run.trainer === null ? (
        <NotRecorded shown={shown} />
      ) : (
        <span className="block truncate text-ink-2">{run.trainer}</span>
      );
    default:
      return null;
  }
}

const NotRecorded = ({ shown }: { shown: Shown }) => <Unknown words={shown.t('common.notRecorded')} />;

export function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <>
      {tags.slice(0, 3).map((tag) => (
        <Badge key={tag} className="min-w-8 shrink" title={tag}>
          <span className="truncate">{tag}</span>
        </Badge>
      ))}
      {tags.length > 3 && (
        <span className="shrink-0 text-2xs text-ink-3" title={tags.join(' ')}>
          +{tags.length - 3}
        </span>
      )}
    </>
  );
}

/** Why it failed, in short; by its code where a newer Spoor knows more reasons. */
const failureText = ({ diagnosis }: Run, { t }: Shown) =>
  diagnosis && t(`failure.${diagnosis}`, { defaultValue: diagnosis });

/** On a phone: what the columns would tell. */
export function Short({ run, shown }: Of) {
  const isRunning = run.status === 'running';
  return (
    <div className="mt-0.5 space-y-1">
      <div className="flex min-w-0 items-center gap-1.5 overflow-hidden text-2xs text-ink-3">
        {isRunning ? (
          <Running run={run} shown={shown} />
        ) : (
          <StatusMark status={run.status} word={shown.t(`status.${run.status}`)} />
        )}
        {run.verdict && <VerdictMark verdict={run.verdict} word={shown.t(`verdict.${run.verdict}`)} />}
        <Tags tags={run.tags.slice(0, 2)} />
      </div>
      {!isRunning && (
        <div className="truncate text-2xs text-ink-3">
          {[failureText(run, shown), run.loss !== null && value(run.loss), ago(run.startedAt, shown.now)]
            .filter(Boolean)
            .join(' · ')}
        </div>
      )}
    </div>
  );
}

/** The reason, or where the run lies if its name does not tell: trainings by hand are often all called alike. */
export function Why({ run }: { run: Run }) {
  if (run.reason)
    return (
      <div className="written truncate text-left text-xs text-ink-3" title={run.reason}>
        {run.reason}
      </div>
    );
  const parts = run.outputDir?.split(/[\\/]/).filter(Boolean) ?? [];
  if (parts.length === 0 || parts.at(-1) === run.name) return null;
  return (
    <div className="truncate text-xs text-ink-3" title={run.outputDir ?? undefined}>
      {parts.slice(-2).join('/')}
    </div>
  );
}

function LossNow({ run, shown }: Of) {
  const told = useProgress(run.id);
  return <Loss loss={told?.loss ?? run.loss} shown={shown} />;
}

function Loss({ loss, shown }: { loss: Run['loss']; shown: Shown }) {
  if (loss === null) return <NotRecorded shown={shown} />;
  const isOdd = typeof loss === 'string';
  return <span className={classes('tabular-nums', isOdd && 'font-medium text-bad')}>{value(loss)}</span>;
}

function Took({ run, shown }: Of) {
  const seconds = run.status === 'running' ? (shown.now - Date.parse(run.startedAt)) / 1000 : run.duration;
  if (seconds === null) return <NotRecorded shown={shown} />;
  return <span className="text-ink-2 tabular-nums">{duration(Math.max(0, seconds))}</span>;
}

function Status({ run, shown }: Of) {
  if (run.status === 'running') return <Running run={run} shown={shown} />;
  return (
    <div className="min-w-0">
      <StatusMark status={run.status} word={shown.t(`status.${run.status}`)} />
      {run.diagnosis && (
        <div className={classes('truncate text-2xs', run.status === 'succeeded' ? 'text-warn' : 'text-ink-3')}>
          {failureText(run, shown)}
        </div>
      )}
    </div>
  );
}

function Running({ run, shown: { t } }: Of) {
  const told = useProgress(run.id);
  const progress = told ?? run.progress;
  const step = progress?.step ?? run.step;
  const total = progress?.total ?? run.total;
  const rate = progress?.rate ?? null;
  const seconds = progress?.eta ?? (step !== null && total !== null && rate ? (total - step) / rate : null);
  const left = seconds === null ? null : duration(Math.max(0, seconds));
  return (
    <div className="w-full min-w-0 space-y-1">
      <div className="flex items-center gap-2">
        <StatusMark status="running" word={t('status.running')} />
        {left && <span className="truncate text-2xs text-ink-3">{t('runs.left', { time: left })}</span>}
      </div>
      {step !== null && total !== null && (
        <ProgressBar
          fraction={step / total}
          label={t('runs.progress', { step: integer(step), total: integer(total) })}
        />
      )}
    </div>
  );
}
