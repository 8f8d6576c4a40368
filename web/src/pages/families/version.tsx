import { Link } from '@tanstack/react-router';
import { ChevronRight, GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryVersion } from '../../../../src/api/index.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { valueText } from '../../lib/config-value.ts';
import { ago, integer, moment, value } from '../../lib/format.ts';
import { useGlance } from '../../lib/glances.ts';
import { useSay } from '../../said/said.ts';
import { Badge } from '../../ui/badge.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Card } from '../../ui/page.tsx';
import { StatusBadge, VerdictBadge } from '../../ui/status.tsx';
import { splitTags, subjectOf } from '../compare/areas.ts';
import { CountChips } from '../compare/chips.tsx';

const dots = { worked: 'bg-good', mixed: 'bg-warn', failed: 'bg-bad' } as const;

/** A version of a family: what it changed, and what came of it. */
export function Version({ version, name }: { version: HistoryVersion; name: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const blurred = useBlur();
  const glance = useGlance(version.id);
  const [note] = version.notes.slice(-1);
  return (
    <li className="relative pl-8">
      <span
        aria-hidden
        className={classes(
          'absolute top-5 left-0 size-[15px] rounded-full border-[3px] border-paper',
          version.verdict ? dots[version.verdict] : 'bg-line-strong',
        )}
      />
      <Card className="p-4">
        <div className="flex gap-4">
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <Link
                to="/runs/$run"
                params={{ run: version.id }}
                className="min-w-0 font-semibold break-words hover:text-accent"
              >
                {name}
              </Link>
              <StatusBadge status={version.status} />
              {version.verdict && <VerdictBadge verdict={version.verdict} />}
              {version.step !== null && (
                <span className="text-xs text-ink-3">{t('compare.steps', { steps: integer(version.step) })}</span>
              )}
              {version.loss !== null && (
                <span className="text-xs text-ink-3">
                  {t('compare.loss')} {value(version.loss)}
                </span>
              )}
              <time dateTime={version.startedAt} title={moment(version.startedAt)} className="text-xs text-ink-3">
                {ago(version.startedAt)}
              </time>
            </div>
            {version.reason && <p className="written mt-1 text-sm break-words text-ink-2">{version.reason}</p>}
            <Changes changes={version.changes} first={version.from === null} />
            {(version.verdictWhy || version.diagnosis || note) && (
              <div className="mt-2.5 space-y-1 border-t border-line pt-2.5 text-sm">
                {version.verdictWhy && <p className="break-words">{version.verdictWhy}</p>}
                {version.diagnosis && <p className="break-words text-bad">{say(version.diagnosis.message)}</p>}
                {note && (
                  <p className="text-xs text-ink-3">
                    <span className="written line-clamp-2 break-words whitespace-pre-line">{note.text}</span>
                    {version.notes.length > 1 && (
                      <Link
                        to="/runs/$run"
                        params={{ run: version.id }}
                        search={{ tab: 'notes' }}
                        className="text-accent hover:underline"
                      >
                        {t('family.notes', { count: version.notes.length })}
                      </Link>
                    )}
                  </p>
                )}
              </div>
            )}
            <Attempts attempts={version.attempts} label="family.attempts" />
          </div>
          <div className="flex shrink-0 flex-col items-end gap-2">
            {/* Until it is known whether there is a picture its place is kept. */}
            {glance === null && <div className="size-24 max-sm:size-16" />}
            {glance?.sample && (
              <Link to="/samples" search={{ run: [version.id] }} aria-label={t('family.samples', { name })}>
                <img
                  src={addressOf('samplePreview', { run: version.id, sample: glance.sample.id })}
                  alt=""
                  loading="lazy"
                  className={classes('size-24 rounded-lg bg-sunken object-cover max-sm:size-16', blurred && blurClass)}
                />
              </Link>
            )}
            {version.from && (
              <Link
                to="/compare"
                search={{ run: [version.from, version.id] }}
                aria-label={t('family.compareWithBefore', { name })}
                title={t('family.compareWithBefore', { name })}
                className={buttonClass('quiet', 'w-8')}
              >
                <GitCompareArrows className="size-4" aria-hidden />
              </Link>
            )}
          </div>
        </div>
      </Card>
    </li>
  );
}

const shownAtFirst = 6;
const chipsAtFirst = 12;

/** Settings and files by name, captions by the tags that came and went. */
function Changes({ changes, first }: { changes: HistoryVersion['changes']; first: boolean }) {
  const { t } = useTranslation();
  const say = useSay();
  const [all, setAll] = useState(false);
  const { tags, others } = splitTags(changes.filter(({ effective }) => effective));
  const rows = others.filter(({ partOf }) => partOf === null);
  if (rows.length + tags.length === 0) {
    return <p className="mt-2 text-xs text-ink-3">{t(first ? 'family.first' : 'family.noChange')}</p>;
  }
  const shown = all ? rows : rows.slice(0, shownAtFirst);
  const counts = tags.flatMap((each) => each.counts);
  const chips = all ? counts : counts.slice(0, chipsAtFirst);
  const left = rows.length - shown.length + counts.length - chips.length;
  return (
    <ul className="mt-2.5 space-y-1 text-xs">
      {shown.map((change) => (
        <li key={`${change.area} ${change.subject}`} className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-mono font-medium break-all">{subjectOf(change, say)}</span>
          <span className="font-mono break-all text-ink-2">
            {valueText(change.before) !== valueText(change.after) &&
              [change.before, change.after]
                .filter((each) => each !== null)
                .map(valueText)
                .join(' → ')}
          </span>
          {change.kind === 'unknown' && <Badge tone="warn">{t('kind.unknown')}</Badge>}
          {change.detail && <span className="break-words text-ink-3">{say(change.detail)}</span>}
        </li>
      ))}
      {chips.length > 0 && (
        <li>
          <CountChips counts={chips} />
        </li>
      )}
      {left > 0 && (
        <li>
          <button type="button" onClick={() => setAll(true)} className="min-h-6 text-accent hover:underline">
            {t('compare.moreParts', { count: left })}
          </button>
        </li>
      )}
    </ul>
  );
}

/** Runs that came to nothing. */
export function Attempts({
  attempts,
  label,
}: {
  attempts: HistoryVersion['attempts'];
  label: 'family.attempts' | 'family.attemptsSince';
}) {
  const { t } = useTranslation();
  const say = useSay();
  const [open, setOpen] = useState(false);
  if (attempts.length === 0) return null;
  return (
    <div className="mt-3 text-xs">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="inline-flex min-h-6 items-center gap-1 text-ink-3 hover:text-ink"
      >
        <ChevronRight className={classes('size-3.5 transition-transform', open && 'rotate-90')} aria-hidden />
        {t(label, { count: attempts.length })}
      </button>
      {open && (
        <ul className="mt-1.5 space-y-1 pl-4">
          {attempts.map((attempt) => (
            <li key={attempt.id} className="flex flex-wrap items-center gap-2">
              <Link to="/runs/$run" params={{ run: attempt.id }} className="hover:text-accent">
                {attempt.name}
              </Link>
              <StatusBadge status={attempt.status} />
              <time dateTime={attempt.startedAt} title={moment(attempt.startedAt)} className="text-ink-3">
                {ago(attempt.startedAt)}
              </time>
              <span className="text-ink-3">{attempt.diagnosis && say(attempt.diagnosis.message)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
