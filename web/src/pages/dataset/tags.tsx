import { Minus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../lib/format.ts';
import { classes } from '../../ui/classes.ts';
import { SearchField } from '../../ui/input.tsx';

const tagsAtFirst = 60;

/** The tags by how many captions have them: images with them are shown, or those without. */
export function Tags({
  tags,
  wanted,
  unwanted,
  onWanted,
  onUnwanted,
}: {
  tags: readonly { tag: string; count: number }[];
  wanted: readonly string[];
  unwanted: readonly string[];
  onWanted: (tag: string) => void;
  onUnwanted: (tag: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [all, setAll] = useState(false);
  const found = tags.filter(({ tag }) => tag.toLowerCase().includes(text.trim().toLowerCase()));
  const shown = all ? found : found.slice(0, tagsAtFirst);
  const most = tags[0]?.count ?? 1;
  return (
    <>
      <SearchField
        label={t('dataset.findTag')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="mb-2"
      />
      <ul className="max-lg:flex max-lg:max-h-48 max-lg:flex-wrap max-lg:gap-1.5 max-lg:overflow-y-auto">
        {shown.map(({ tag, count }) => {
          const isWanted = wanted.includes(tag);
          const isUnwanted = unwanted.includes(tag);
          return (
            <li key={tag} className="group/tag relative flex items-stretch">
              <button
                type="button"
                aria-pressed={isWanted}
                onClick={() => onWanted(tag)}
                className={classes(
                  'relative flex min-h-[26px] min-w-0 flex-1 items-center justify-between gap-2 overflow-hidden rounded-md px-2 py-1 text-left text-xs',
                  isWanted
                    ? 'bg-accent-soft text-accent'
                    : isUnwanted
                      ? 'text-ink-3 line-through'
                      : 'hover:bg-sunken max-lg:bg-sunken',
                )}
              >
                <span
                  aria-hidden
                  className="absolute inset-y-1 left-0 rounded-r bg-accent/12 max-lg:hidden"
                  style={{ width: `${(count / most) * 100}%` }}
                />
                <span className="relative truncate">{tag}</span>
                <span className="relative text-ink-3 tabular-nums">{integer(count)}</span>
              </button>
              <button
                type="button"
                aria-pressed={isUnwanted}
                aria-label={t('dataset.without', { tag })}
                title={t('dataset.without', { tag })}
                onClick={() => onUnwanted(tag)}
                className={classes(
                  'ml-0.5 flex w-6 shrink-0 items-center justify-center rounded-md',
                  isUnwanted ? 'bg-bad-soft text-bad' : 'text-ink-3 hover:bg-sunken hover:text-ink',
                )}
              >
                <Minus className="size-3.5" aria-hidden />
              </button>
            </li>
          );
        })}
        {found.length === 0 && <li className="px-2 py-1 text-xs text-ink-3">{t('dataset.noTag')}</li>}
      </ul>
      {found.length > shown.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="mt-2 min-h-6 px-2 text-xs text-accent hover:underline"
        >
          {t('dataset.moreTags', { count: found.length - shown.length })}
        </button>
      )}
    </>
  );
}
