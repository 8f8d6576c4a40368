import { Link } from '@tanstack/react-router';
import { ImageOff, Star } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Glance, RunRow as Run } from '../../../../src/api/index.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { ago, duration, integer, moment, value } from '../../lib/format.ts';
import { useGlance } from '../../lib/glances.ts';
import { useProgress } from '../../lib/live.ts';
import { useMinutes } from '../../lib/minutes.ts';
import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { ProgressBar } from '../../ui/progress.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { StatusBadge, VerdictBadge } from '../../ui/status.tsx';
import { Unknown } from '../../ui/unknown.tsx';
import { type ColumnName, gridTemplate, settingOf } from './columns.ts';

export interface RunRowProps {
  run: Run;
  index: number;
  columns: readonly ColumnName[];
  selected: boolean;
  active: boolean;
  onSelect: (index: number, extend: boolean) => void;
}

export const RunRow = memo(function RunRow({ run, index, columns, selected, active, onSelect }: RunRowProps) {
  const { t } = useTranslation();
  const glance = useGlance(run.id, run.status === 'running');
  const isTall = !columns.includes('status');
  return (
    <div
      className={classes(
        'group relative grid h-full items-center gap-x-3 border-b border-line pr-4 pl-11 text-sm transition-colors sm:pl-12',
        selected ? 'bg-accent-soft/60' : 'hover:bg-sunken/70',
        active && 'shadow-[inset_3px_0_0_var(--accent)]',
      )}
      style={{ gridTemplateColumns: gridTemplate(columns) }}
    >
      <div role="cell" className="absolute inset-y-0 left-0">
        <label className="flex h-full w-11 cursor-pointer items-center justify-center select-none sm:w-12">
          <input
            type="checkbox"
            checked={selected}
            onChange={(event) => onSelect(index, (event.nativeEvent as MouseEvent).shiftKey === true)}
            aria-label={t('runs.select', { name: run.name })}
            className="size-4 accent-accent"
          />
        </label>
      </div>
      <div role="rowheader" className="flex min-w-0 items-center gap-3">
        <Thumbnail run={run} glance={glance} />
        <div className="min-w-0 flex-1">
          <Name run={run} glance={glance} />
          <div className="flex min-w-0 items-center gap-1">
            {!isTall && !columns.includes('tags') && <Tags tags={run.tags} />}
            {!columns.includes('reason') && <Why run={run} />}
          </div>
          {isTall && <Short run={run} />}
        </div>
      </div>
      {columns.map((column) => (
        <div key={column} role="cell" className="min-w-0">
          <Cell column={column} run={run} glance={glance} />
        </div>
      ))}
    </div>
  );
});

function Name({ run, glance }: { run: Run; glance: Glance | null }) {
  const { t } = useTranslation();
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <Link
        to="/runs/$run"
        params={{ run: run.id }}
        data-main
        className="truncate rounded-sm py-0.5 font-medium -outline-offset-1 hover:text-accent"
      >
        {run.name}
      </Link>
      {glance && glance.stars > 0 && (
        <span
          className="inline-flex shrink-0 items-center gap-0.5 text-2xs text-warn"
          title={t('runs.stars', { count: glance.stars })}
        >
          <Star className="size-3 fill-current" aria-hidden />
          <span aria-hidden>{glance.stars}</span>
          <span className="sr-only">{t('runs.stars', { count: glance.stars })}</span>
        </span>
      )}
    </div>
  );
}

function Tags({ tags }: { tags: readonly string[] }) {
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

/** On a phone: what the columns would tell. */
function Short({ run }: { run: Run }) {
  const isRunning = run.status === 'running';
  return (
    <div className="mt-0.5 space-y-1">
      <div className="flex min-w-0 items-center gap-1.5 overflow-hidden text-2xs text-ink-3">
        {isRunning ? <Status run={run} /> : <StatusBadge status={run.status} />}
        {run.verdict && <VerdictBadge verdict={run.verdict} />}
        <Tags tags={run.tags.slice(0, 2)} />
      </div>
      {!isRunning && (
        <div className="truncate text-2xs text-ink-3">
          {[run.diagnosis, run.loss !== null && value(run.loss), ago(run.startedAt)].filter(Boolean).join(' · ')}
        </div>
      )}
    </div>
  );
}

/** The reason, or where the run lies if its name does not tell: trainings by hand are often all called alike. */
function Why({ run }: { run: Run }) {
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

function Thumbnail({ run, glance }: { run: Run; glance: Glance | null }) {
  const blurred = useBlur();
  const frame =
    'flex size-10 shrink-0 items-center justify-center overflow-hidden rounded-md bg-sunken text-line-strong';
  if (!glance?.sample) {
    return (
      <div className={frame} aria-hidden>
        <ImageOff className="size-4" />
      </div>
    );
  }
  return (
    <div className={frame}>
      <img
        src={addressOf('samplePreview', { run: run.id, sample: glance.sample.id })}
        alt=""
        loading="lazy"
        decoding="async"
        className={classes('size-full object-cover', blurred && blurClass)}
      />
    </div>
  );
}

function Cell({ column, run, glance }: { column: ColumnName; run: Run; glance: Glance | null }) {
  const key = settingOf(column);
  if (key !== null) {
    const found = run.settings[key];
    if (found === undefined || found === '') return <Unknown />;
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
      return <Status run={run} />;
    case 'curve':
      return glance && glance.loss.length > 1 ? <Sparkline values={glance.loss} width={104} height={26} /> : null;
    case 'loss':
      return <Loss run={run} />;
    case 'step':
      return run.step === null ? <Unknown /> : <span className="tabular-nums">{integer(run.step)}</span>;
    case 'verdict':
      return run.verdict && <VerdictBadge verdict={run.verdict} />;
    case 'duration':
      return <Took run={run} />;
    case 'when':
      return <When run={run} />;
    case 'host':
      return <span className="block truncate text-ink-2">{run.host}</span>;
    case 'trainer':
      return run.trainer === null ? <Unknown /> : <span className="block truncate text-ink-2">{run.trainer}</span>;
    default:
      return null;
  }
}

function Loss({ run }: { run: Run }) {
  const told = useProgress(run.id);
  const loss = (run.status === 'running' ? told?.loss : null) ?? run.loss;
  if (loss === null) return <Unknown />;
  const isOdd = typeof loss === 'string';
  return <span className={classes('tabular-nums', isOdd && 'font-medium text-bad')}>{value(loss)}</span>;
}

function Took({ run }: { run: Run }) {
  const now = useMinutes();
  const seconds = run.status === 'running' ? (now - Date.parse(run.startedAt)) / 1000 : run.duration;
  if (seconds === null) return <Unknown />;
  return <span className="text-ink-2 tabular-nums">{duration(Math.max(0, seconds))}</span>;
}

function When({ run }: { run: Run }) {
  const now = useMinutes();
  return (
    <time dateTime={run.startedAt} title={moment(run.startedAt)} className="text-ink-2">
      {ago(run.startedAt, now)}
    </time>
  );
}

function Status({ run }: { run: Run }) {
  const { t } = useTranslation();
  const told = useProgress(run.id);
  if (run.status !== 'running') {
    return (
      <div className="min-w-0">
        <StatusBadge status={run.status} />
        {run.diagnosis && (
          <div className={classes('truncate text-2xs', run.status === 'succeeded' ? 'text-warn' : 'text-ink-3')}>
            {run.diagnosis}
          </div>
        )}
      </div>
    );
  }
  const progress = told ?? run.progress;
  const step = progress?.step ?? run.step;
  const total = progress?.total ?? run.total;
  const rate = progress?.rate ?? null;
  const seconds = progress?.eta ?? (step !== null && total !== null && rate ? (total - step) / rate : null);
  const left = seconds === null ? null : duration(Math.max(0, seconds));
  return (
    <div className="w-full min-w-0 space-y-1">
      <div className="flex items-center gap-2">
        <StatusBadge status="running" />
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
