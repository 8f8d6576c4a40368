import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { valueText } from '../../lib/config-value.ts';
import { useSay } from '../../said/said.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { type Change, splitTags, subjectOf, type TagCounts, tagChips } from './areas.ts';
import { CountChips, TagChips } from './chips.tsx';

const tones: Record<Change['kind'], Tone> = {
  added: 'good',
  removed: 'bad',
  changed: 'accent',
  renamed: 'info',
  unknown: 'warn',
};

const partsAtFirst = 8;

/** One change with its parts beneath it: the files of a repository, the captions of a dataset. */
export function Row({ change, parts }: { change: Change; parts: readonly Change[] }) {
  const { t } = useTranslation();
  const say = useSay();
  const [all, setAll] = useState(false);
  const { tags, others } = splitTags(parts);
  const shown = all ? others : others.slice(0, partsAtFirst);
  return (
    <div className="px-4 py-2.5 text-sm">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-mono text-xs font-medium break-all">{subjectOf(change, say)}</span>
        <Values change={change} />
        {change.kind !== 'changed' && <Badge tone={tones[change.kind]}>{t(`kind.${change.kind}`)}</Badge>}
        {change.detail && parts.length === 0 && (
          <span className="min-w-0 text-xs text-ink-2">{say(change.detail)}</span>
        )}
        {others.length > 0 && (
          <span className="text-xs text-ink-3">{t('compare.within', { count: others.length })}</span>
        )}
      </div>
      {shown.length > 0 && (
        <ul className="mt-2 space-y-1 border-l-2 border-line pl-3">
          {shown.map((part) => (
            <Part key={`${part.subject} ${part.kind}`} part={part} />
          ))}
        </ul>
      )}
      {others.length > shown.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="mt-1.5 min-h-6 text-xs text-accent hover:underline"
        >
          {t('compare.moreParts', { count: others.length - shown.length })}
        </button>
      )}
      {tags.map(({ counts }) => (
        <div key="tags" className="mt-2.5 flex flex-wrap items-baseline gap-x-3 gap-y-1 text-xs">
          <span className="text-ink-3">{t('compare.inCaptions')}</span>
          <CountChips counts={counts} />
        </div>
      ))}
    </div>
  );
}

/** What a model tells of the captions that it was trained on. */
export function Tags({ tags: { told, counts } }: { tags: TagCounts }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1.5 px-4 py-2.5 text-xs">
      <span className="font-mono font-medium">{t('dataset.tags')}</span>
      <CountChips counts={counts} />
      {told && <span className="text-ink-3">{say(told)}</span>}
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
  const say = useSay();
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
          part.kind === 'unknown' && 'text-warn',
        )}
      >
        <span aria-hidden>{letters[part.kind]}</span>
        <span className="sr-only">{t(`kind.${part.kind}`)}</span>
      </span>
      <span className="font-mono break-all">{subjectOf(part, say)}</span>
      {chips ? (
        <TagChips chips={chips} />
      ) : lines ? (
        <span className="font-mono">
          <span className="text-good">+{lines[1]}</span> <span className="text-bad">−{lines[2]}</span>
        </span>
      ) : (
        <span className="min-w-0 break-words text-ink-3">
          {part.detail !== null
            ? say(part.detail)
            : [part.before, part.after]
                .filter((each) => each !== null)
                .map(fieldsText)
                .join(' → ')}
        </span>
      )}
    </li>
  );
}

/** A sample prompt by its fields, its words first. */
function fieldsText(value: Change['before']): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('prompt' in value))
    return valueText(value);
  const { prompt, ...more } = value as Record<string, Change['before']>;
  return [valueText(prompt ?? null), ...Object.entries(more).map(([key, each]) => `${key} ${valueText(each)}`)].join(
    ' · ',
  );
}
