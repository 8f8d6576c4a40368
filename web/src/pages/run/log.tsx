import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, Download, ScrollText, TriangleAlert } from 'lucide-react';
import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, LiveEvent, LogLine } from '../../../../src/api/index.ts';
import { addressOf, api } from '../../lib/api.ts';
import { integer } from '../../lib/format.ts';
import { useLiveEvents } from '../../lib/live.ts';
import { ansiPieces } from '../../text/ansi.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { SearchField } from '../../ui/input.tsx';
import { Card, Empty } from '../../ui/page.tsx';

const pageLines = 400;
const lineHeight = 20;

/** The terminal as it was, with its colours; live while the run trains, searched, or only what warns. */
export default function Log({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [warnings, setWarnings] = useState(false);
  const wanted = useDeferredValue(text.trim());
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchField
          label={t('log.search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-64"
        />
        <Button pressed={warnings} onClick={() => setWarnings(!warnings)}>
          <TriangleAlert className="size-4" aria-hidden />
          {t('log.warnings')}
        </Button>
        <a
          href={addressOf('downloadLog', { run: run.id })}
          download={`${run.name.full}.log`}
          className={buttonClass('plain', 'ml-auto px-3')}
        >
          <Download className="size-4" aria-hidden />
          {t('log.download')}
        </a>
      </div>
      {wanted === '' ? (
        <Lines key={String(warnings)} run={run.id} warnings={warnings} live={run.status === 'running'} />
      ) : (
        <Found run={run.id} text={wanted} />
      )}
    </>
  );
}

function Lines({ run, warnings, live }: { run: string; warnings: boolean; live: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const place = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const pageAt = (from: number) => ({
    queryKey: ['run', run, 'log', warnings, from],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api('readLogLines', { run, form: 'coloured', from, count: pageLines, warnings }, signal),
  });
  // The end tells how many lines there are, and is what one wants to see first.
  const { data: end, isError } = useQuery({ ...pageAt(-pageLines), placeholderData: keepPreviousData });
  const total = end?.total ?? 0;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => place.current,
    estimateSize: () => lineHeight,
    overscan: 30,
  });
  const items = virtual.getVirtualItems();
  const firstPage = Math.floor((items[0]?.index ?? 0) / pageLines) * pageLines;
  const lastPage = Math.floor((items.at(-1)?.index ?? 0) / pageLines) * pageLines;
  const first = useQuery({ ...pageAt(firstPage), enabled: total > 0 && firstPage < (end?.from ?? 0) }).data;
  const second = useQuery({ ...pageAt(lastPage), enabled: total > 0 && lastPage < (end?.from ?? 0) }).data;
  const lineAt = (index: number): LogLine | undefined => {
    for (const page of [end, first, second]) {
      const line = page?.lines[index - page.from];
      if (page && index >= page.from && line) return line;
    }
    return undefined;
  };
  useEffect(() => {
    if (atEnd && total > 0) virtual.scrollToIndex(total - 1, { align: 'end' });
  }, [atEnd, total, virtual]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const grew = useCallback(
    (event: LiveEvent) => {
      if (event.type !== 'log' || event.run !== run || timer.current !== null) return;
      timer.current = setTimeout(() => {
        timer.current = null;
        void client.invalidateQueries({ queryKey: ['run', run, 'log', warnings, -pageLines] });
      }, 400);
    },
    [client, run, warnings],
  );
  useLiveEvents(grew);
  if (isError) return <Empty icon={<ScrollText />} title={t('log.none')} />;
  return (
    <Card className="relative overflow-hidden">
      <div
        ref={place}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
        role="log"
        aria-label={t('run.tab.log')}
        aria-live="off"
        onScroll={({ currentTarget: at }) => setAtEnd(at.scrollHeight - at.scrollTop - at.clientHeight < 40)}
        className="h-[calc(100dvh-19rem)] min-h-80 overflow-auto py-2 font-mono text-xs"
      >
        <div className="relative min-w-max" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => (
            <div
              key={index}
              className="absolute inset-x-0"
              style={{ transform: `translateY(${start}px)`, height: lineHeight }}
            >
              <Line line={lineAt(index)} />
            </div>
          ))}
        </div>
        {total === 0 && end && (
          <p className="px-4 py-6 font-sans text-sm text-ink-3">{t(warnings ? 'log.noWarnings' : 'log.empty')}</p>
        )}
      </div>
      <div className="flex items-center gap-3 border-t border-line px-4 py-1.5 text-2xs text-ink-3">
        <span>{t('log.lines', { count: total, shown: integer(total) })}</span>
        {end?.cut && <span>{t('log.cut')}</span>}
        {live && <span className="text-info">{t('log.live')}</span>}
        {!atEnd && (
          <button
            type="button"
            onClick={() => setAtEnd(true)}
            className="ml-auto inline-flex items-center gap-1 text-accent hover:underline"
          >
            <ArrowDownToLine className="size-3" aria-hidden />
            {t('log.toEnd')}
          </button>
        )}
      </div>
    </Card>
  );
}

function Found({ run, text }: { run: string; text: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['run', run, 'log-search', text],
    queryFn: ({ signal }) => api('searchLog', { run, form: 'clean', text, limit: 500 }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Card className="overflow-hidden">
      <p className="border-b border-line px-4 py-1.5 text-xs text-ink-3" aria-live="polite">
        {data ? t('log.found', { count: data.total, shown: integer(data.total) }) : ' '}
      </p>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
        role="region"
        aria-label={t('log.search')}
        className="max-h-[calc(100dvh-19rem)] min-h-80 overflow-auto py-2 font-mono text-xs"
      >
        {data?.lines.map((line) => (
          <Line key={line.line} line={line} numbered mark={text} />
        ))}
      </div>
    </Card>
  );
}

const levels = { error: 'bg-bad-soft', warning: 'bg-warn-soft', plain: '' } as const;

const Line = memo(function Line({
  line,
  numbered = false,
  mark = '',
}: {
  line: LogLine | undefined;
  numbered?: boolean;
  mark?: string;
}) {
  const pieces = useMemo(() => (line ? ansiPieces(line.text) : []), [line]);
  return (
    <div className={classes('h-5 px-4 leading-5 whitespace-pre', line && levels[line.level])}>
      {numbered && line && (
        <span className="mr-3 inline-block w-12 text-right text-ink-3 select-none">{line.line + 1}</span>
      )}
      {pieces.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line
        <span key={index} className={piece.className}>
          {mark === '' ? piece.text : <Marked text={piece.text} word={mark} />}
        </span>
      ))}
    </div>
  );
});

function Marked({ text, word }: { text: string; word: string }) {
  const at = text.toLowerCase().indexOf(word.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-sm bg-accent-soft text-accent">{text.slice(at, at + word.length)}</mark>
      <Marked text={text.slice(at + word.length)} word={word} />
    </>
  );
}
