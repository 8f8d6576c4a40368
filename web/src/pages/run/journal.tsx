import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { moment } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Card, Skeleton } from '../../ui/page.tsx';

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
  if (!data) return <Skeleton className="h-96" />;
  const facts = data.pages.flatMap((page) => page.facts);
  return (
    <>
      <Card className="divide-y divide-line">
        {facts.map((fact, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: facts are only ever appended
          <Row key={index} fact={fact} />
        ))}
      </Card>
      {hasNextPage && (
        <Button className="mt-4" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('journal.more')}
        </Button>
      )}
    </>
  );
}

function Row({ fact }: { fact: Fact }) {
  const [open, setOpen] = useState(false);
  const { v: _, at, host, type, ...rest } = fact as Fact & Record<string, unknown>;
  const text = JSON.stringify(rest);
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-baseline gap-3 px-4 py-1.5 text-left hover:bg-sunken/70"
      >
        <ChevronRight
          className={classes('size-3.5 shrink-0 self-center text-ink-3 transition-transform', open && 'rotate-90')}
          aria-hidden
        />
        <time dateTime={at} className="shrink-0 text-xs text-ink-3 tabular-nums">
          {moment(at)}
        </time>
        <span className="w-28 shrink-0 text-sm font-medium">{type}</span>
        <span className="min-w-0 truncate font-mono text-xs text-ink-3">{text.slice(0, 300)}</span>
      </button>
      {open && (
        <pre className="max-h-96 overflow-auto border-t border-line bg-sunken px-4 py-3 font-mono text-xs">
          {JSON.stringify(rest, null, 2)}
          {`\n${host}`}
        </pre>
      )}
    </div>
  );
}
