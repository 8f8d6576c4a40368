import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Family } from '../../../../src/api/index.ts';
import { ago, integer } from '../../lib/format.ts';
import { useMinutes } from '../../lib/minutes.ts';
import { classes } from '../../ui/classes.ts';
import { VerdictBadge } from '../../ui/status.tsx';

/** The heading of a family's runs. */
export function FamilyRow({ family, open, onToggle }: { family: Family; open: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const now = useMinutes();
  const running = family.statuses.running ?? 0;
  const failed = family.statuses.failed ?? 0;
  return (
    <div role="rowheader" className="flex h-full items-center gap-3 border-b border-line bg-paper pr-4 pl-3 text-sm">
      <button
        type="button"
        onClick={onToggle}
        data-main
        aria-expanded={open}
        aria-label={t(open ? 'runs.fold' : 'runs.unfold', { family: family.family })}
        className="flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
      >
        <ChevronRight className={classes('size-4 transition-transform', open && 'rotate-90')} aria-hidden />
      </button>
      <Link
        to="/families/$family"
        params={{ family: family.family }}
        className="min-w-0 truncate font-semibold tracking-tight hover:text-accent"
      >
        {family.family || t('runs.noFamily')}
      </Link>
      <span className="text-xs whitespace-nowrap text-ink-3">
        {t('runs.count', { count: family.runs, shown: integer(family.runs) })}
      </span>
      {running > 0 && (
        <span className="text-xs font-medium whitespace-nowrap text-info">{t('runs.running', { count: running })}</span>
      )}
      {failed > 0 && (
        <span className="text-xs whitespace-nowrap text-ink-3 max-sm:hidden">
          {t('runs.failed', { count: failed })}
        </span>
      )}
      {family.latest.verdict && (
        <span className="max-sm:hidden">
          <VerdictBadge verdict={family.latest.verdict} />
        </span>
      )}
      <time dateTime={family.latest.startedAt} className="ml-auto shrink-0 text-xs text-ink-3">
        {ago(family.latest.startedAt, now)}
      </time>
    </div>
  );
}
