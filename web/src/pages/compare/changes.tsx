import { ArrowRight, ChevronRight, Equal } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { valueText } from '../../lib/config-value.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { Card, Empty, Section } from '../../ui/page.tsx';
import { type Change, type ChangeGroup, groupChanges, tagChips } from './areas.ts';

/** What changed from the one run to the other; what cannot change the result is folded, never left out. */
export default function Changes({ diff }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  const changes = diff.changes ?? [];
  const effective = useMemo(() => groupChanges(changes.filter((each) => each.effective)), [changes]);
  const without = useMemo(() => groupChanges(changes.filter((each) => !each.effective)), [changes]);
  const count = without.reduce((sum, group) => sum + group.changes.length, 0);
  return (
    <>
      {effective.length === 0 ? (
        <Empty icon={<Equal />} title={t('compare.same')}>
          {t(count > 0 ? 'compare.sameButFor' : 'compare.sameHint')}
        </Empty>
      ) : (
        effective.map((group) => <Group key={group.name} group={group} />)
      )}
      {count > 0 && <WithoutEffect groups={without} count={count} />}
    </>
  );
}

function WithoutEffect({ groups, count }: { groups: ChangeGroup[]; count: number }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className="mt-8">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="mb-3 inline-flex items-center gap-1.5 text-sm text-ink-2 hover:text-ink"
      >
        <ChevronRight className={classes('size-4 transition-transform', open && 'rotate-90')} aria-hidden />
        {t('compare.withoutEffect', { count })}
      </button>
      {open && groups.map((group) => <Group key={group.name} group={group} faded />)}
    </div>
  );
}

function Group({ group, faded = false }: { group: ChangeGroup; faded?: boolean }) {
  const { t } = useTranslation();
  return (
    <Section title={t(`area.${group.name}`)} id={`${faded ? 'same' : 'changed'}-${group.name}`}>
      <Card className={classes('divide-y divide-line', faded && 'opacity-80')}>
        {group.changes.map(({ change, parts }) => (
          <Row key={`${change.area} ${change.subject} ${change.partOf}`} change={change} parts={parts} />
        ))}
      </Card>
    </Section>
  );
}

const tones: Record<Change['kind'], Tone> = {
  added: 'good',
  removed: 'bad',
  changed: 'accent',
  renamed: 'info',
  unknown: 'neutral',
};

const partsAtFirst = 8;

function Row({ change, parts }: { change: Change; parts: Change[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? parts : parts.slice(0, partsAtFirst);
  return (
    <div className="px-4 py-2.5 text-sm">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-mono text-xs font-medium break-all">{change.subject}</span>
        <Values change={change} />
        {change.kind !== 'changed' && <Badge tone={tones[change.kind]}>{t(`kind.${change.kind}`)}</Badge>}
        {change.detail && parts.length === 0 && <span className="min-w-0 text-xs text-ink-2">{change.detail}</span>}
        {parts.length > 0 && <span className="text-xs text-ink-3">{t('compare.within', { count: parts.length })}</span>}
      </div>
      {shown.length > 0 && (
        <ul className="mt-2 space-y-1 border-l-2 border-line pl-3">
          {shown.map((part) => (
            <Part key={`${part.subject} ${part.kind}`} part={part} />
          ))}
        </ul>
      )}
      {parts.length > shown.length && (
        <button type="button" onClick={() => setAll(true)} className="mt-1.5 text-xs text-accent hover:underline">
          {t('compare.moreParts', { count: parts.length - shown.length })}
        </button>
      )}
    </div>
  );
}

function Values({ change }: { change: Change }) {
  const { before, after } = change;
  if (valueText(before) === valueText(after)) return null;
  const box = 'max-w-full rounded px-1.5 py-0.5 font-mono text-xs break-all';
  return (
    <span className="inline-flex max-w-full min-w-0 flex-wrap items-baseline gap-1.5">
      {before !== null && <del className={classes(box, 'bg-bad-soft text-bad no-underline')}>{valueText(before)}</del>}
      {before !== null && after !== null && <ArrowRight className="size-3.5 self-center text-ink-3" aria-hidden />}
      {after !== null && <ins className={classes(box, 'bg-good-soft text-good no-underline')}>{valueText(after)}</ins>}
    </span>
  );
}

const letters: Record<Change['kind'], string> = { added: 'A', removed: 'D', changed: 'M', renamed: 'R', unknown: '?' };

function Part({ part }: { part: Change }) {
  const { t } = useTranslation();
  const chips = part.area === 'dataset' ? tagChips(part.detail) : null;
  const lines = /^\+(\d+) −(\d+)$/.exec(part.detail ?? '');
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-xs">
      <span
        title={t(`kind.${part.kind}`)}
        className={classes(
          'w-3 font-mono font-medium',
          part.kind === 'added' && 'text-good',
          part.kind === 'removed' && 'text-bad',
        )}
      >
        {letters[part.kind]}
      </span>
      <span className="font-mono break-all">{part.subject}</span>
      {chips ? (
        <span className="flex flex-wrap gap-1">
          {chips.map(({ sign, tag }) => (
            <span
              key={sign + tag}
              className={classes(
                'rounded-full px-1.5 py-px',
                sign === '+' ? 'bg-good-soft text-good' : 'bg-bad-soft text-bad',
              )}
            >
              {sign}
              {tag}
            </span>
          ))}
        </span>
      ) : lines ? (
        <span className="font-mono">
          <span className="text-good">+{lines[1]}</span> <span className="text-bad">−{lines[2]}</span>
        </span>
      ) : (
        <span className="min-w-0 break-words text-ink-3">
          {part.detail ??
            [part.before, part.after]
              .filter((each) => each !== null)
              .map(valueText)
              .join(' → ')}
        </span>
      )}
    </li>
  );
}
