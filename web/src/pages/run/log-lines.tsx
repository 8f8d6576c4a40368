import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, ScrollText } from 'lucide-react';
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveEvent, LogLine } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { integer } from '../../lib/format.ts';
import { useLiveEvents } from '../../lib/live.ts';
import { ansiPieces } from '../../text/ansi.ts';
import { markedPieces } from '../../text/marked.ts';
import { classes } from '../../ui/classes.ts';
import { Card, Empty } from '../../ui/page.tsx';

const pageLines = 400;
const lineHeight = 20;
/** Of lines that one goes on from to what stands around them. */
const tallHeight = 25;
/** So many lines are scrolled through at once: beyond 2^24 pixels no browser places anything exactly. */
const mostAtOnce = 400_000;

/**
 * The lines in view, of however many: a million scroll as a hundred do, and at the ends of what is scrolled through it goes
 * on by itself. Numbers are those of the whole log, from 1.
 */
export function LogLines({
  run,
  warnings,
  live,
  word,
  at,
  following,
  onFollowing,
  onLine,
}: {
  run: string;
  warnings: boolean;
  live: boolean;
  /** Marked wherever it stands. */
  word: string;
  /** The line to be looked at, as these lines are counted. */
  at: number | null;
  /** Whether the end stays in view as it grows. */
  following: boolean;
  onFollowing: (following: boolean) => void;
  /** A line of the whole log is to be seen with those around it. */
  onLine: (line: number) => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const place = useRef<HTMLDivElement>(null);
  const pageAt = (from: number) => ({
    queryKey: ['run', run, 'log', warnings, from],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api('readLogLines', { run, form: 'coloured', from, count: pageLines, warnings }, signal),
  });
  // The end tells how many lines there are, and is what one wants to see first.
  const { data: end, isError } = useQuery({ ...pageAt(-pageLines), placeholderData: keepPreviousData });
  const total = end?.total ?? 0;
  const height = warnings ? tallHeight : lineHeight;
  const count = Math.min(total, mostAtOnce);
  /** Number of the first line that is scrolled through. */
  const [chosenBase, setBase] = useState<number | null>(null);
  const base = Math.min(total - count, chosenBase ?? total - count);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => place.current,
    estimateSize: () => height,
    overscan: 30,
  });
  const items = virtual.getVirtualItems();
  const pageOf = (item: { index: number } | undefined) =>
    Math.floor((base + (item?.index ?? 0)) / pageLines) * pageLines;
  const [firstPage, lastPage] = [pageOf(items[0]), pageOf(items.at(-1))];
  const first = useQuery({ ...pageAt(firstPage), enabled: total > 0 && firstPage < (end?.from ?? 0) }).data;
  const second = useQuery({ ...pageAt(lastPage), enabled: total > 0 && lastPage < (end?.from ?? 0) }).data;
  const lineAt = (index: number): LogLine | undefined => {
    for (const page of [end, first, second]) {
      const line = page?.lines[index - page.from];
      if (page && index >= page.from && line) return line;
    }
    return undefined;
  };
  /** What is to be scrolled to once the lines around it are those that are scrolled through. */
  const wanted = useRef<{ line: number; align: 'start' | 'center' | 'end' } | null>(null);
  const show = (line: number, align: 'start' | 'center' | 'end') => {
    if (line < base || line >= base + count) setBase(Math.max(0, Math.min(total - count, line - mostAtOnce / 2)));
    wanted.current = { line, align };
    setTurn((turn) => turn + 1);
  };
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn has something to scroll to
  useLayoutEffect(() => {
    const { line, align } = wanted.current ?? { line: -1, align: 'start' };
    wanted.current = null;
    if (line >= base) virtual.scrollToIndex(Math.min(count - 1, line - base), { align });
  }, [turn, base]);
  useEffect(() => {
    if (!following || total === 0) return;
    setBase(null);
    wanted.current = { line: total - 1, align: 'end' };
    setTurn((turn) => turn + 1);
  }, [following, total]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once there are lines
  useEffect(() => {
    if (at !== null && total > 0) show(Math.min(at, total - 1), 'center');
  }, [at, total > 0]);
  /** Near an end of what is scrolled through there is more. */
  const goOn = (view: HTMLElement) => {
    const atTop = view.scrollTop < 100 * height && base > 0;
    const atBottom = view.scrollHeight - view.scrollTop - view.clientHeight < 100 * height && base + count < total;
    if (!atTop && !atBottom) return;
    const next = atTop ? Math.max(0, base - mostAtOnce / 2) : Math.min(total - count, base + mostAtOnce / 2);
    wanted.current = { line: base + Math.floor(view.scrollTop / height), align: 'start' };
    setBase(next);
  };
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const grew = useCallback(
    (event: LiveEvent) => {
      if (event.type !== 'log' || event.run !== run || timer.current !== null) return;
      timer.current = setTimeout(() => {
        timer.current = null;
        void client.invalidateQueries({ queryKey: ['run', run, 'log', warnings, -pageLines] });
        void client.invalidateQueries({ queryKey: ['run', run, 'log', 'search'] });
      }, 400);
    },
    [client, run, warnings],
  );
  useLiveEvents(grew);
  /** Where it was scrolled to last: only who scrolls up by hand leaves the end. */
  const top = useRef(0);
  if (isError || end?.kept === false) {
    return (
      <Empty icon={<ScrollText />} title={t('log.none')}>
        {t('log.noneHint')}
      </Empty>
    );
  }
  const digits = String(total).length;
  return (
    <Card className="relative overflow-hidden">
      <div
        ref={place}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
        role="log"
        aria-label={t('run.tab.log')}
        aria-live="off"
        onScroll={({ currentTarget: view }) => {
          const isUp = view.scrollTop < top.current - 2;
          top.current = view.scrollTop;
          if (following && isUp && view.scrollHeight - view.scrollTop - view.clientHeight > 40) onFollowing(false);
          else if (!following) goOn(view);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Home' && event.key !== 'End') return;
          event.preventDefault();
          if (event.key === 'Home') onFollowing(false);
          show(event.key === 'Home' ? 0 : total - 1, event.key === 'Home' ? 'start' : 'end');
        }}
        className="h-[calc(100dvh-19rem)] min-h-80 overflow-auto py-2 font-mono text-xs -outline-offset-2"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => (
            <div
              key={index}
              className="absolute left-0 w-max min-w-full"
              style={{ transform: `translateY(${start}px)`, height, lineHeight: `${height}px` }}
            >
              <Line
                line={lineAt(base + index)}
                digits={digits}
                word={word}
                chosen={base + index === at}
                onLine={warnings ? onLine : null}
              />
            </div>
          ))}
        </div>
        {total === 0 && end && (
          <p className="px-4 py-6 font-sans text-sm text-ink-3">{t(warnings ? 'log.noWarnings' : 'log.empty')}</p>
        )}
      </div>
      <div className="flex min-h-8 items-center gap-3 border-t border-line px-4 text-2xs text-ink-3">
        <span>{t('log.lines', { count: total, shown: integer(total) })}</span>
        {end?.cut && <span>{t('log.cut')}</span>}
        {live && <span className="text-info">{t('log.live')}</span>}
        {!following && (
          <button
            type="button"
            onClick={() => {
              onFollowing(true);
              show(total - 1, 'end');
            }}
            className="ml-auto inline-flex h-6.5 items-center gap-1 text-accent hover:underline"
          >
            <ArrowDownToLine className="size-3" aria-hidden />
            {t('log.toEnd')}
          </button>
        )}
      </div>
    </Card>
  );
}

const soft = 'bg-accent-soft text-accent';
const strong = 'bg-accent text-accent-ink';
const levels = { error: 'bg-bad-soft', warning: 'bg-warn-soft', plain: '' } as const;

const Line = memo(function Line({
  line,
  digits,
  word,
  chosen,
  onLine,
}: {
  line: LogLine | undefined;
  digits: number;
  word: string;
  chosen: boolean;
  onLine: ((line: number) => void) | null;
}) {
  const { t } = useTranslation();
  const pieces = useMemo(() => (line ? markedPieces(ansiPieces(line.text), word) : []), [line, word]);
  const number = line === undefined ? '' : String(line.line + 1);
  const numberClass = 'inline-block shrink-0 px-3 text-right text-ink-3 select-none tabular-nums';
  const width = { minWidth: `calc(${Math.max(3, digits)}ch + 1.6rem)` };
  return (
    <div
      aria-current={chosen || undefined}
      className={classes(
        'flex h-full pr-4 whitespace-pre',
        line && levels[line.level],
        chosen && 'shadow-[inset_3px_0_0_var(--accent)]',
      )}
    >
      {onLine && line ? (
        <button
          type="button"
          onClick={() => onLine(line.line)}
          title={t('log.around', { line: number })}
          aria-label={t('log.around', { line: number })}
          className={classes(numberClass, '-outline-offset-2 hover:text-accent hover:underline')}
          style={width}
        >
          {number}
        </button>
      ) : (
        // No text of the log: it is not copied with it.
        <span
          aria-hidden
          data-number={number}
          className={classes(numberClass, 'before:content-[attr(data-number)]')}
          style={width}
        />
      )}
      <span>
        {pieces.map((piece, index) => {
          const Piece = piece.marked ? 'mark' : 'span';
          return (
            <Piece
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line
              key={index}
              className={piece.marked ? classes('rounded-sm', chosen ? strong : soft) : piece.className}
            >
              {piece.text}
            </Piece>
          );
        })}
      </span>
    </div>
  );
});
