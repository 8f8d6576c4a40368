import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { memo, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { day, moment, timeOfDay } from '../../lib/format.ts';
import { useSay } from '../../said/said.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useAddress, useListed } from './address.ts';
import { factKind, factText } from './journal-text.ts';

type Fact = Answer<'journal'>['facts'][number];
const pageSize = 200;

/** The facts of the run, one after another, as they were written. */
export default function Journal({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['run', run.id, 'journal'],
    queryFn: ({ pageParam, signal }) => api('journal', { run: run.id, from: pageParam, count: pageSize }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((sum, { facts }) => sum + facts.length, 0);
      return read < last.total ? read : undefined;
    },
  });
  const [{ facts: wanted = pageSize }, change] = useAddress();
  const [open, put] = useListed('open');
  const read = data?.pages.reduce((sum, page) => sum + page.facts.length, 0) ?? wanted;
  // As many as the address has, also where it was opened anew.
  const goesOn = read < wanted && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  if (!data) return <Skeleton className="h-96" />;
  const facts = data.pages.flatMap((page) => page.facts);
  const unreadable = data.pages[0]?.unreadable ?? 0;
  return (
    <>
      {[...Map.groupBy(facts.entries(), ([, { at }]) => day(at))].map(([date, ofDay]) => (
        <section key={date} aria-label={date} className="mb-6">
          <h2 className="mb-2 text-sm font-semibold text-ink-2">{date}</h2>
          <Card className="divide-y divide-line">
            {ofDay.map(([place, fact]) => (
              <Row key={place} id={String(place + 1)} fact={fact} open={open.has(String(place + 1))} onOpen={put} />
            ))}
          </Card>
        </section>
      ))}
      {unreadable > 0 && <p className="text-sm text-ink-3">{t('journal.unreadable', { count: unreadable })}</p>}
      {hasNextPage && (
        <Button className="mt-4" disabled={isFetchingNextPage} onClick={() => change({ facts: read + pageSize })}>
          {t('journal.more')}
        </Button>
      )}
    </>
  );
}

const Row = memo(function Row({
  id,
  fact,
  open,
  onOpen,
}: {
  /** Its place among the facts, from 1. */
  id: string;
  fact: Fact;
  open: boolean;
  onOpen: (id: string, open: boolean) => void;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const { v: _, at, host, type, ...rest } = fact as Fact & Record<string, unknown>;
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onOpen(id, !open)}
        className="flex w-full flex-wrap items-baseline gap-x-3 px-4 py-1.5 text-left hover:bg-sunken/70 sm:flex-nowrap"
      >
        <ChevronRight
          className={classes('size-3.5 shrink-0 self-center text-ink-3 transition-transform', open && 'rotate-90')}
          aria-hidden
        />
        <time
          dateTime={at}
          title={moment(at)}
          className="w-21 shrink-0 text-xs whitespace-nowrap text-ink-3 tabular-nums"
        >
          {timeOfDay(at)}
        </time>
        <span className="w-40 shrink-0 truncate text-sm font-medium max-sm:flex-1">
          {t(`journal.type.${factKind(fact)}`, { defaultValue: type })}
        </span>
        <span className="min-w-0 truncate text-xs text-ink-2 max-sm:w-full max-sm:pl-6.5">{factText(fact, say)}</span>
        <span className="ml-auto shrink-0 font-mono text-2xs text-ink-3 max-sm:hidden">{type}</span>
      </button>
      {open && (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
          tabIndex={0}
          className="max-h-96 overflow-auto border-t border-line bg-sunken px-4 py-3 font-mono text-xs"
        >
          {`${type} · ${moment(at)} · ${host}\n`}
          {JSON.stringify(rest, null, 2)}
        </pre>
      )}
    </div>
  );
});
