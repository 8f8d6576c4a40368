import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../app/queries.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useSuggestions } from '../../ui/suggestions.tsx';
import type { Annotated, Annotating } from './annotate.ts';
import { matching } from './complete.ts';

/** As the server has it: one word without colons, not beginning with a sign. */
const isTag = (word: string) => /^[^\s:+-][^\s:]*$/.test(word);

/** Adds tags to runs, completed by those that are known, and takes others away. */
export default function TagDialog({
  runs,
  title,
  onClose,
  annotating,
}: {
  runs: readonly Annotated[];
  title: string;
  onClose: () => void;
  annotating: Annotating;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const known = useQuery(ask.vocabulary()).data?.tags ?? [];
  const present = [...new Set(runs.flatMap(({ tags }) => tags))].sort();
  const words = text.split(/\s+/).filter(Boolean);
  const wrong = words.find((word) => !isTag(word)) ?? null;
  const typed = /\S*$/.exec(text)?.[0] ?? '';
  const everywhere = (tag: string) => runs.every(({ tags }) => tags.includes(tag));
  const offered = matching(
    typed,
    known.filter((tag) => !words.includes(tag) && !everywhere(tag)),
  );
  const change = (next: string) => {
    setText(next);
    suggestions.reset();
  };
  const take = (index: number) => change(`${text.slice(0, text.length - typed.length)}${offered[index]} `);
  const suggestions = useSuggestions(offered.length, take);
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (words.length === 0 || wrong !== null) return;
          void annotating.tag(runs, words, []);
          onClose();
        }}
      >
        <label className="block text-sm">
          <span className="mb-1 block text-ink-2">{t('runs.newTags')}</span>
          <input
            autoFocus
            role="combobox"
            aria-expanded={offered.length > 0}
            aria-controls={`${id}-list`}
            aria-activedescendant={suggestions.chosen >= 0 ? `${id}-${suggestions.chosen}` : undefined}
            aria-autocomplete="list"
            aria-invalid={wrong !== null || undefined}
            aria-describedby={wrong === null ? undefined : `${id}-wrong`}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => change(event.target.value)}
            onKeyDown={suggestions.onKey}
            placeholder="keeper night"
            className="h-9 w-full rounded-lg border border-line-strong bg-paper px-3 focus:border-accent focus:outline-none aria-invalid:border-bad"
          />
        </label>
        {/* One line, so that nothing moves while one types. */}
        <div className="mt-1.5 flex h-6.5 items-center overflow-hidden text-xs">
          {wrong !== null && (
            <p id={`${id}-wrong`} role="alert" className="truncate text-bad">
              {t('runs.noTag', { word: wrong })}
            </p>
          )}
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={t('runs.knownTags')}
            hidden={wrong !== null || offered.length === 0}
            className="flex gap-1.5 whitespace-nowrap"
          >
            {offered.map((tag, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
              <div
                key={tag}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === suggestions.chosen}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(index)}
                className={classes(
                  'cursor-pointer rounded-full border px-2.5 py-0.5',
                  index === suggestions.chosen
                    ? 'border-accent/40 bg-accent-soft text-accent'
                    : 'border-line text-ink-2 hover:bg-sunken',
                )}
              >
                {tag}
              </div>
            ))}
          </div>
        </div>
        {present.length > 0 && (
          <div className="mt-3">
            <span className="mb-1 block text-sm text-ink-2">{t('runs.takeTags')}</span>
            <div className="flex flex-wrap gap-1.5">
              {present.map((tag) => (
                <button
                  key={tag}
                  type="button"
                  aria-label={t('runs.takeTag', { tag })}
                  onClick={() => void annotating.tag(runs, [], [tag])}
                  className="inline-flex h-6.5 max-w-full items-center gap-1 rounded-full bg-sunken px-2.5 text-xs hover:bg-bad-soft hover:text-bad"
                >
                  <span className="truncate">{tag}</span>
                  <X className="size-3 shrink-0" aria-hidden />
                </button>
              ))}
            </div>
          </div>
        )}
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" disabled={words.length === 0 || wrong !== null}>
            {t('runs.tag')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
