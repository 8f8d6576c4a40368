import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { duration, integer, value } from '../../lib/format.ts';
import { useSay } from '../../said/said.ts';
import { StatusBadge, VerdictBadge } from '../../ui/status.tsx';

/** How each of the runs came out, side by side. */
export function Outcomes({ runs }: { runs: Answer<'diff'>['runs'] }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <ul className="mb-6 grid gap-3 [grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))]">
      {runs.map(({ id, name, status, outcome }, index) => (
        <li key={id} className="min-w-0 rounded-xl border border-line bg-panel px-4 py-3">
          <div className="flex items-center gap-2">
            <span
              aria-hidden
              className="size-2.5 shrink-0 rounded-full"
              style={{ background: `var(--series-${(index % 8) + 1})` }}
            />
            <Link to="/runs/$run" params={{ run: id }} className="truncate font-medium hover:text-accent">
              {name}
            </Link>
          </div>
          <div className="mt-2 flex flex-wrap items-center gap-2 text-sm">
            <StatusBadge status={status} />
            {outcome.verdict && <VerdictBadge verdict={outcome.verdict} why={outcome.verdictWhy} />}
            <span className="text-ink-2">
              {t('compare.loss')}{' '}
              <strong className="font-semibold text-ink tabular-nums">{value(outcome.loss) || '–'}</strong>
            </span>
            {outcome.step !== null && (
              <span className="text-ink-3">{t('compare.steps', { steps: integer(outcome.step) })}</span>
            )}
            {outcome.duration !== null && <span className="text-ink-3">{duration(outcome.duration)}</span>}
          </div>
          {(outcome.verdictWhy || outcome.reason) && (
            <p className="written mt-1.5 line-clamp-2 text-xs text-ink-3">{outcome.verdictWhy ?? outcome.reason}</p>
          )}
          {outcome.diagnosis && (
            <p className="mt-1.5 text-xs break-words text-bad">{outcome.why ? say(outcome.why) : outcome.diagnosis}</p>
          )}
        </li>
      ))}
    </ul>
  );
}
