import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../app/queries.ts';
import { useKeys } from '../../lib/keys.ts';
import { isShared } from '../../lib/site.ts';
import { useSay } from '../../said/said.ts';
import { classes } from '../../ui/classes.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useSuggestions } from '../../ui/suggestions.tsx';
import { completions } from './complete.ts';

/** The query of `spoor ls`, completed while it is typed. `/` comes here, Escape leaves. */
export function QueryBox({
  query,
  problem,
  instead,
  onQuery,
}: {
  query: string;
  /** What is wrong with it. */
  problem: { message: string; hint: string | null } | null;
  /** The query whose runs are shown while this one cannot be understood. */
  instead: string;
  onQuery: (query: string) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(query);
  const [cursor, setCursor] = useState(0);
  const [open, setOpen] = useState(false);
  const vocabulary = useQuery({ ...ask.vocabulary(), enabled: open }).data;
  const offered = useMemo(
    () =>
      open && vocabulary ? completions(text, cursor, isShared ? { ...vocabulary, settings: [] } : vocabulary) : [],
    [open, vocabulary, text, cursor],
  );
  useEffect(() => setText(query), [query]);
  useEffect(() => {
    if (text === query) return;
    const timer = setTimeout(() => onQuery(text), 250);
    return () => clearTimeout(timer);
  }, [text, query, onQuery]);
  /** Where the cursor goes with the next text, before anything more is typed. */
  const placed = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes with the text
  useLayoutEffect(() => {
    if (placed.current !== null) input.current?.setSelectionRange(placed.current, placed.current);
    placed.current = null;
  }, [text]);
  useKeys({ '/': () => input.current?.focus() });

  const change = (next: string, at: number) => {
    setText(next);
    setCursor(at);
    reset();
    setOpen(true);
  };
  const take = (index: number) => {
    const found = offered[index];
    if (!found) return;
    change(found.query, found.cursor);
    placed.current = found.cursor;
  };
  const { chosen, reset, onKey } = useSuggestions(offered.length, take);
  return (
    <div className="relative mb-4">
      <Search className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-ink-3" aria-hidden />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-expanded={offered.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-autocomplete="list"
        aria-label={t('runs.query')}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        placeholder={t(isShared ? 'runs.queryExampleShared' : 'runs.queryExample')}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => change(event.target.value, event.target.selectionStart ?? event.target.value.length)}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          if (onKey(event)) return;
          if (event.key === 'Enter') {
            onQuery(text);
            setOpen(false);
          } else if (event.key === 'Escape') {
            if (offered.length > 0) setOpen(false);
            else input.current?.blur();
          }
        }}
        className="h-9 w-full rounded-lg border border-line-strong bg-panel pr-9 pl-8.5 font-mono text-sm placeholder:font-sans placeholder:text-ink-3 focus:border-accent focus:outline-none aria-invalid:border-bad"
      />
      {text === '' ? (
        <span className="absolute top-2 right-2.5 max-sm:hidden">
          <Kbd>/</Kbd>
        </span>
      ) : (
        <button
          type="button"
          aria-label={t('runs.clearQuery')}
          onClick={() => {
            change('', 0);
            onQuery('');
          }}
          className="absolute top-1.5 right-1.5 flex size-6 items-center justify-center rounded text-ink-3 hover:bg-sunken hover:text-ink"
        >
          <X className="size-4" aria-hidden />
        </button>
      )}
      {problem && (
        <Problem id={`${id}-problem`} {...problem}>
          {instead === '' ? t('runs.showsAll') : t('runs.showsBefore', { query: instead })}
        </Problem>
      )}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t('runs.completions')}
        hidden={offered.length === 0}
        className="absolute inset-x-0 top-10.5 z-20 rounded-lg border border-line bg-panel p-1 shadow-lift"
      >
        {offered.map(({ label }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
          <div
            key={label}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(index)}
            className={classes(
              'cursor-pointer truncate rounded-md px-2 py-1 font-mono text-sm',
              index === chosen ? 'bg-sunken' : 'hover:bg-sunken',
            )}
          >
            {label}
          </div>
        ))}
      </div>
    </div>
  );
}

function Problem({
  id,
  message,
  hint,
  children,
}: {
  id: string;
  message: string;
  hint: string | null;
  children: React.ReactNode;
}) {
  const say = useSay();
  return (
    <p id={id} role="alert" className="mt-1.5 px-1 text-sm">
      <span className="text-bad">{say(message)}</span> {hint && <span className="text-ink-2">{say(hint)}</span>}{' '}
      <span className="text-ink-2">{children}</span>
    </p>
  );
}
