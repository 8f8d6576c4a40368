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
import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { ProgressBar } from '../../ui/progress.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { StatusBadge, VerdictBadge } from '../../ui/status.tsx';
import { type ColumnName, gridTemplate, settingOf } from './columns.ts';

export interface RunRowProps {
  run: Run;
  columns: readonly ColumnName[];
  selected: boolean;
  active: boolean;
  onSelect: (run: Run, extend: boolean) => void;
}

export const RunRow = memo(function RunRow({ run, columns, selected, active, onSelect }: RunRowProps) {
  const { t } = useTranslation();
  const glance = useGlance(run.id);
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
        <label className="flex h-full w-11 cursor-pointer items-center justify-center sm:w-12">
          <input
            type="checkbox"
            checked={selected}
            onChange={(event) => onSelect(run, (event.nativeEvent as MouseEvent).shiftKey === true)}
            aria-label={t('runs.select', { name: run.name })}
            className="size-4 accent-accent"
          />
        </label>
      </div>
      <Name run={run} glance={glance} withStatus={columns.includes('status')} />
      {columns.map((column) => (
        <div key={column} role="cell" className="min-w-0">
          <Cell column={column} run={run} glance={glance} />
        </div>
      ))}
    </div>
  );
});

function Name({ run, glance, withStatus }: { run: Run; glance: Glance | null; withStatus: boolean }) {
  return (
    <div role="rowheader" className="flex min-w-0 items-center gap-3">
      <Thumbnail run={run} glance={glance} />
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-1.5">
          <Link to="/runs/$run" params={{ run: run.id }} className="truncate font-medium hover:text-accent">
            {run.name}
          </Link>
          {glance && glance.stars > 0 && (
            <span className="inline-flex shrink-0 items-center gap-0.5 text-2xs text-warn">
              <Star className="size-3 fill-current" aria-hidden />
              {glance.stars}
            </span>
          )}
          {run.tags.slice(0, 3).map((tag) => (
            <Badge key={tag} className="max-lg:hidden">
              {tag}
            </Badge>
          ))}
        </div>
        <Why run={run} />
        {!withStatus && <Status run={run} />}
      </div>
    </div>
  );
}

/** The reason, or where the run lies if its name does not tell: trainings by hand are often all called alike. */
function Why({ run }: { run: Run }) {
  if (run.reason) return <div className="truncate text-xs text-ink-3">{run.reason}</div>;
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
    const text = typeof found === 'number' ? value(found) : (found ?? '');
    return (
      <span className="block truncate font-mono text-xs" title={text}>
        {text}
      </span>
    );
  }
  switch (column) {
    case 'status':
      return <Status run={run} />;
    case 'curve':
      return glance && glance.loss.length > 1 ? <Sparkline values={glance.loss} width={104} height={26} /> : null;
    case 'loss':
      return <span className="tabular-nums">{value(run.loss)}</span>;
    case 'verdict':
      return run.verdict && <VerdictBadge verdict={run.verdict} />;
    case 'duration':
      return <span className="text-ink-2 tabular-nums">{run.duration === null ? '' : duration(run.duration)}</span>;
    case 'when':
      return (
        <time dateTime={run.startedAt} title={moment(run.startedAt)} className="text-ink-2">
          {ago(run.startedAt)}
        </time>
      );
    case 'host':
      return <span className="block truncate text-ink-2">{run.host}</span>;
    case 'trainer':
      return <span className="block truncate text-ink-2">{run.trainer ?? ''}</span>;
    default:
      return null;
  }
}

function Status({ run }: { run: Run }) {
  const { t } = useTranslation();
  const told = useProgress(run.id);
  if (run.status !== 'running') {
    return (
      <div className="min-w-0">
        <StatusBadge status={run.status} />
        {run.diagnosis && run.status !== 'succeeded' && (
          <div className="truncate text-2xs text-ink-3">{run.diagnosis}</div>
        )}
      </div>
    );
  }
  const progress = told ?? run.progress;
  const step = progress?.step ?? run.step;
  const total = progress?.total ?? run.total;
  const rate = progress?.rate ?? null;
  const left = step !== null && total !== null && rate ? duration(Math.max(0, (total - step) / rate)) : null;
  return (
    <div className="min-w-0 space-y-1">
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
