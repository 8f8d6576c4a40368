import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ArrowDownToLine, ChevronDown, ChevronUp, Download, Pause, TriangleAlert } from 'lucide-react';
import { useDeferredValue, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { useActions } from '../../lib/actions.ts';
import { addressOf, api } from '../../lib/api.ts';
import { integer } from '../../lib/format.ts';
import { useKeys } from '../../lib/keys.ts';
import { Button, buttonClass, IconButton } from '../../ui/button.tsx';
import { SearchField } from '../../ui/input.tsx';
import { useAddress } from './address.ts';
import { LogLines } from './log-lines.tsx';

/**
 * The terminal as it was, with its colours: followed while the run trains, searched from match to match, or only what
 * warns. `/` comes to the search, Enter and Shift+Enter go on from there, and `n` and Shift+`n` from anywhere.
 */
export default function Log({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const [{ q: text = '', warnings = false, line }, search] = useAddress();
  const isLive = run.status === 'running';
  const [following, setFollowing] = useState(line === undefined);
  const field = useRef<HTMLInputElement>(null);
  const word = useDeferredValue(text.trim());
  const { data: found, isPlaceholderData } = useQuery({
    queryKey: ['run', run.id, 'log', 'search', warnings, word],
    queryFn: ({ signal }) =>
      api('searchLog', { run: run.id, form: 'coloured', text: word, limit: 0, warnings }, signal),
    placeholderData: keepPreviousData,
    enabled: word !== '',
  });
  const places = word === '' || isPlaceholderData ? [] : (found?.places ?? []);
  const chosen = line === undefined ? null : line - 1;
  // The first match, until one goes on from there; a place that was gone to stays where nothing is searched.
  const at = chosen ?? places[0] ?? null;
  const match = at === null ? -1 : places.indexOf(at);
  const go = (step: 1 | -1) => {
    if (places.length === 0) return;
    const from = at ?? -1;
    const next = step > 0 ? places.find((each) => each > from) : places.findLast((each) => each < from);
    search({ line: (next ?? (step > 0 ? places[0] : places.at(-1)) ?? 0) + 1 });
  };
  const name = (label: string) => `${t('run.tab.log')}: ${label}`;
  const toWarnings = () => search({ warnings: !warnings || undefined, line: undefined });
  useActions([
    { label: name(t('log.search')), act: () => setTimeout(() => field.current?.focus()) },
    { label: name(t('log.warnings')), act: toWarnings },
    ...(places.length > 0
      ? [
          { label: name(t('log.next')), act: () => go(1) },
          { label: name(t('log.previous')), act: () => go(-1) },
        ]
      : []),
    ...(isLive ? [{ label: name(t('log.follow')), act: () => setFollowing(!following) }] : []),
  ]);
  useKeys({ '/': () => field.current?.focus(), n: () => go(1), 'shift+n': () => go(-1) });
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchField
          ref={field}
          label={t('log.search')}
          value={text}
          onChange={(event) => search({ q: event.target.value || undefined, line: undefined })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
            else if (event.key === 'Escape') search({ q: undefined });
            else return;
            event.preventDefault();
          }}
          className="w-64 max-sm:basis-40 max-sm:grow"
        />
        <IconButton label={t('log.previous')} disabled={places.length === 0} onClick={() => go(-1)}>
          <ChevronUp className="size-4" aria-hidden />
        </IconButton>
        <IconButton label={t('log.next')} disabled={places.length === 0} onClick={() => go(1)} className="-ml-1">
          <ChevronDown className="size-4" aria-hidden />
        </IconButton>
        <span className="min-w-20 text-xs text-ink-3 tabular-nums" role="status">
          {word !== '' &&
            found &&
            (found.total === 0
              ? t('log.notFound')
              : t('log.match', {
                  at: match < 0 ? '–' : integer(match + 1),
                  count: found.total,
                  shown: integer(found.total),
                }))}
        </span>
        <Button pressed={warnings} onClick={toWarnings}>
          <TriangleAlert className="size-4" aria-hidden />
          {t('log.warnings')}
        </Button>
        {isLive && (
          <Button pressed={following} onClick={() => setFollowing(!following)}>
            {following ? <Pause className="size-4" aria-hidden /> : <ArrowDownToLine className="size-4" aria-hidden />}
            {t('log.follow')}
          </Button>
        )}
        <a
          href={addressOf('downloadLog', { run: run.id })}
          download={`${run.name.full}.log`}
          className={buttonClass('plain', 'ml-auto px-3')}
        >
          <Download className="size-4" aria-hidden />
          {t('log.download')}
        </a>
      </div>
      <LogLines
        key={String(warnings)}
        run={run.id}
        warnings={warnings}
        live={isLive}
        word={word}
        at={at}
        following={following && at === null}
        onFollowing={(next) => {
          setFollowing(next);
          if (next) search({ line: undefined, q: undefined });
        }}
        onLine={(line) => search({ warnings: undefined, line: line + 1 })}
      />
    </>
  );
}
