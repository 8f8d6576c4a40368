import { ImageOff, Star } from 'lucide-react';
import { memo } from 'react';
import type { Glance, RunRow as Run } from '../../../../src/api/index.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass } from '../../lib/blur.ts';
import { classes } from '../../ui/classes.ts';
import { Cell, Short, type Shown, Tags, Why } from './run-cell.tsx';
import { RunLink } from './run-link.tsx';

export interface RunRowProps {
  run: Run;
  glance: Glance | null;
  index: number;
  shown: Shown;
  selected: boolean;
  active: boolean;
  onSelect: (index: number, extend: boolean) => void;
}

export const RunRow = memo(function RunRow({ run, glance, index, shown, selected, active, onSelect }: RunRowProps) {
  const { columns, template, t } = shown;
  const isTall = !columns.includes('status');
  return (
    <div
      className={classes(
        'group relative grid h-full items-center gap-x-3 border-b border-line pr-4 pl-11 text-sm sm:pl-12',
        selected ? 'bg-accent-soft/60' : 'hover:bg-sunken/70',
        active && 'shadow-[inset_3px_0_0_var(--accent)]',
      )}
      style={{ gridTemplateColumns: template }}
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
        <Thumbnail run={run} glance={glance} blurred={shown.blurred} />
        <div className="min-w-0 flex-1">
          <Name run={run} glance={glance} shown={shown} />
          <div className="flex min-w-0 items-center gap-1">
            {!isTall && !columns.includes('tags') && <Tags tags={run.tags} />}
            {!columns.includes('reason') && (
              <div className="min-w-12 flex-1">
                <Why run={run} />
              </div>
            )}
          </div>
          {isTall && <Short run={run} shown={shown} />}
        </div>
      </div>
      {columns.map((column) => (
        <div key={column} role="cell" className="min-w-0">
          <Cell column={column} run={run} glance={glance} shown={shown} />
        </div>
      ))}
    </div>
  );
});

function Name({ run, glance, shown: { t } }: { run: Run; glance: Glance | null; shown: Shown }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <RunLink run={run.id} className="truncate rounded-sm py-0.5 font-medium -outline-offset-1 hover:text-accent">
        {run.name}
      </RunLink>
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

function Thumbnail({ run, glance, blurred }: { run: Run; glance: Glance | null; blurred: boolean }) {
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
