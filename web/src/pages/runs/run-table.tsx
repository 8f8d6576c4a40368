import { useNavigate } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRow as Run } from '../../../../src/api/index.ts';
import { useKeys } from '../../lib/keys.ts';
import { classes } from '../../ui/classes.ts';
import { Skeleton } from '../../ui/page.tsx';
import type { Annotating } from './annotate.ts';
import { type ColumnName, type FixedColumn, fitColumns, gridTemplate, settingOf, sortKeys } from './columns.ts';
import { FamilyRow } from './family-row.tsx';
import type { List, ListRow } from './rows.ts';
import { RunRow } from './run-row.tsx';

const rowHeight = 58;
/** With the status below the name. */
const tallHeight = 76;
const familyHeight = 42;
/** Below this width the columns have no headings. */
const narrow = 720;
/** Pixels of one, as the page's root has them. */
const rem = 15;

/** The rows that are in view, drawn alone: ten thousand scroll as ten do. */
export function RunTable({
  list,
  columns: wide,
  sort,
  onSort,
  selected,
  onSelected,
  annotating,
}: {
  list: List;
  columns: readonly ColumnName[];
  sort: string;
  onSort: (sort: string) => void;
  selected: ReadonlyMap<string, Run>;
  onSelected: (selected: ReadonlyMap<string, Run>) => void;
  annotating: Annotating;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const width = useWidth(place);
  const key = wide.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names the columns
  const columns = useMemo(() => fitColumns(wide, (width - 64) / rem), [key, width]);
  const isTall = !columns.includes('status');
  const [active, setActive] = useState(-1);
  const anchor = useRef(-1);
  const { rows } = list;
  useLayoutEffect(() => setTop((place.current?.getBoundingClientRect().top ?? 0) + scrollY), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => (rows[index]?.kind === 'family' ? familyHeight : isTall ? tallHeight : rowHeight),
    getItemKey: (index) => keyOf(rows[index], index),
    overscan: 8,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are others where the rows are
  useEffect(() => virtual.measure(), [rows, isTall]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (list.hasMore && last >= rows.length - 20) list.more();
  }, [list, last, rows.length]);

  const select = useCallback(
    (run: Run, extend: boolean) => {
      const index = rows.findIndex((row) => row.kind === 'run' && row.run.id === run.id);
      const next = new Map(selected);
      const from = extend && anchor.current >= 0 ? anchor.current : index;
      const on = !selected.has(run.id);
      for (const row of rows.slice(Math.min(from, index), Math.max(from, index) + 1)) {
        if (row.kind !== 'run') continue;
        if (on) next.set(row.run.id, row.run);
        else next.delete(row.run.id);
      }
      anchor.current = index;
      onSelected(next);
    },
    [rows, selected, onSelected],
  );
  const move = (step: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, active + step));
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const current = rows[active];
  const act = (on: (run: Run) => void) => () => current?.kind === 'run' && on(current.run);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    x: act((run) => select(run, false)),
    'shift+x': act((run) => select(run, true)),
    Enter: () => {
      if (current?.kind === 'run') void navigate({ to: '/runs/$run', params: { run: current.run.id } });
      else if (current?.kind === 'family') list.toggle(current.family.family);
    },
    c: () => selected.size >= 2 && annotating.compare([...selected.values()]),
    Escape: () => onSelected(new Map()),
  });

  return (
    <div ref={place} className="rounded-xl border border-line bg-panel">
      <div role="table" aria-label={t('nav.runs')} aria-rowcount={rows.length + 1}>
        {width >= narrow && <Header columns={columns} sort={sort} onSort={onSort} />}
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start, size }) => {
            const row = rows[index] as ListRow;
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                aria-current={index === active || undefined}
                className="absolute inset-x-0 top-0"
                style={{ height: size, transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
              >
                {row.kind === 'run' && (
                  <RunRow
                    run={row.run}
                    columns={columns}
                    selected={selected.has(row.run.id)}
                    active={index === active}
                    onSelect={select}
                  />
                )}
                {row.kind === 'family' && (
                  <FamilyRow family={row.family} open={row.open} onToggle={() => list.toggle(row.family.family)} />
                )}
                {row.kind === 'loading' && <Waiting />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Header({
  columns,
  sort,
  onSort,
}: {
  columns: readonly ColumnName[];
  sort: string;
  onSort: (sort: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <div
      role="row"
      className="sticky top-13 z-10 grid h-9 items-center gap-x-3 rounded-t-xl border-b border-line bg-panel pr-4 pl-12 text-xs text-ink-3"
      style={{ gridTemplateColumns: gridTemplate(columns) }}
    >
      <Heading name={t('runs.column.name')} by="name" sort={sort} onSort={onSort} />
      {columns.map((column) => {
        const key = settingOf(column);
        if (key !== null) {
          return (
            <div key={column} role="columnheader" className="truncate font-mono text-2xs" title={key}>
              {key}
            </div>
          );
        }
        const by = sortKeys[column as FixedColumn];
        return <Heading key={column} name={t(`runs.column.${column}`)} by={by} sort={sort} onSort={onSort} />;
      })}
    </div>
  );
}

function Heading({
  name,
  by,
  sort,
  onSort,
}: {
  name: string;
  by: string | undefined;
  sort: string;
  onSort: (sort: string) => void;
}) {
  const isSorted = by !== undefined && sort.replace('-', '') === by;
  const descending = sort.startsWith('-');
  const direction = !isSorted ? 'none' : descending ? 'descending' : 'ascending';
  return (
    <div role="columnheader" aria-sort={by === undefined ? undefined : direction} className="min-w-0 truncate">
      {by === undefined ? (
        name
      ) : (
        <button
          type="button"
          onClick={() => onSort(isSorted && descending ? by : `-${by}`)}
          className={classes('inline-flex items-center gap-1 hover:text-ink', isSorted && 'font-medium text-ink')}
        >
          {name}
          {isSorted &&
            (descending ? <ArrowDown className="size-3" aria-hidden /> : <ArrowUp className="size-3" aria-hidden />)}
        </button>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <div role="cell" className="flex h-full items-center gap-3 border-b border-line pr-4 pl-12">
      <Skeleton className="size-10" />
      <Skeleton className="h-4 w-48" />
      <Skeleton className="ml-auto h-4 w-24" />
    </div>
  );
}

function keyOf(row: ListRow | undefined, index: number): string | number {
  if (row === undefined) return index;
  if (row.kind === 'run') return row.run.id;
  return row.kind === 'family' ? `family ${row.family.family}` : `loading ${row.key}`;
}

function useWidth(place: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1200);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
