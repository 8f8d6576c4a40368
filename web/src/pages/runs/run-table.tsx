import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isNowhere, keepPlace, placeHere } from '../../lib/arrival.ts';
import { useBlur } from '../../lib/blur.ts';
import { useGlances } from '../../lib/glances.ts';
import { useKeys } from '../../lib/keys.ts';
import { useMinutes } from '../../lib/minutes.ts';
import { classes } from '../../ui/classes.ts';
import { type ColumnName, fitColumns, gridTemplate } from './columns.ts';
import { NarrowHeader } from './narrow-header.tsx';
import { type List, type ListRow, restMs } from './rows.ts';
import type { Shown } from './run-cell.tsx';
import type { Selection } from './selection.ts';
import { TableHeader } from './table-header.tsx';
import { TableRow } from './table-row.tsx';

const rowHeight = 58;
/** Rows that are drawn above and below the view. */
const overscan = 8;
/** With status, loss and verdict below the name. */
const tallHeight = 92;
const familyHeight = 42;
/** Below this width the columns have no headings. */
const narrow = 720;
/** Pixels of one, as the page's root has them. */
const rem = 15;
/** What stands above and below the rows and stays there: headings, the bars of a phone and of what is selected. */
const above = 52 + 36 + 8;
const below = 80;

/** The rows that are in view, drawn alone: ten thousand scroll as ten do. The one with the focus stays, wherever it is. */
export function RunTable({
  list,
  columns: wide,
  sort,
  onSort,
  selection,
  onFold,
  onCompare,
  onSelectAll,
  onHidden,
}: {
  list: List;
  columns: readonly ColumnName[];
  sort: string;
  onSort: (sort: string) => void;
  selection: Selection;
  onFold: (family: string) => void;
  onCompare: () => void;
  onSelectAll: () => void;
  /** Told which columns there is no room for. */
  onHidden: (hidden: readonly ColumnName[]) => void;
}) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const width = useWidth(place);
  const key = wide.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names the columns
  const columns = useMemo(() => fitColumns(wide, (width - 64) / rem), [key, width]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names the columns
  useEffect(() => onHidden(wide.filter((name) => !columns.includes(name))), [key, columns, onHidden]);
  const isTall = !columns.includes('status');
  const now = useMinutes();
  const blurred = useBlur();
  const shown = useMemo<Shown>(
    () => ({ columns, template: gridTemplate(columns), t, now, blurred }),
    [columns, t, now, blurred],
  );
  // One comes back to the row that one went from, also where it stands elsewhere by now.
  const [came] = useState(placeHere);
  const sought = useRef(came?.name ?? null);
  const [active, setActive] = useState(came?.index ?? -1);
  /** The active row is to have the focus: it was gone to by keys. */
  const focused = useRef(false);
  const anchor = useRef(-1);
  const { layout, at } = list;
  useLayoutEffect(() => setTop((place.current?.getBoundingClientRect().top ?? 0) + scrollY), []);
  const virtual = useWindowVirtualizer({
    count: layout.count,
    estimateSize: useCallback(
      (index: number) => (layout.isFamily(index) ? familyHeight : isTall ? tallHeight : rowHeight),
      [layout, isTall],
    ),
    overscan,
    scrollMargin: top,
    scrollPaddingStart: above,
    scrollPaddingEnd: below,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const found = defaultRangeExtractor(range);
        return active < 0 || active >= range.count || found.includes(active)
          ? found
          : [...found, active].sort((a, b) => a - b);
      },
      [active],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are others where the rows are
  useEffect(() => virtual.measure(), [layout, isTall]);
  const items = virtual.getVirtualItems();
  const { startIndex = 0, endIndex = 20 } = virtual.range ?? {};
  useEffect(() => list.look(startIndex, endIndex, active), [list.look, startIndex, endIndex, active]);
  const count = layout.count;
  const glanceAt = useGlances(
    useAtRest(
      at,
      Math.max(0, startIndex - overscan),
      Math.min(count - 1, endIndex + overscan),
      active < count ? active : -1,
    ),
  );

  const select = async (index: number, extend: boolean, on?: boolean) => {
    const from = extend && anchor.current >= 0 ? anchor.current : index;
    if (!extend || anchor.current < 0) anchor.current = index;
    const row = at(index);
    const wanted = on ?? !(row.kind === 'run' && selection.ids.has(row.run.id));
    const runs = await list.runsBetween(Math.min(from, index), Math.max(from, index));
    selection.change(wanted ? runs : [], wanted ? [] : runs);
  };
  const latest = useRef(select);
  latest.current = select;
  const onSelect = useCallback((index: number, extend: boolean) => void latest.current(index, extend), []);
  const move = (step: number) => {
    const next = Math.min(layout.count - 1, Math.max(0, active < 0 ? startIndex : active + step));
    focused.current = true;
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    return next;
  };
  const current = active >= 0 && active < layout.count ? at(active) : null;
  useEffect(() => {
    if (current === null || current.kind === 'loading') return;
    const name = sought.current;
    sought.current = null;
    if (name === null) keepPlace({ index: active, name: nameOf(current) });
    else {
      const index = placeOf(name, active, at, layout.count);
      focused.current = isNowhere();
      setActive(index);
      if (focused.current) virtual.scrollToIndex(index, { align: 'auto' });
    }
  }, [current, active, at, layout, virtual]);
  // Whenever another row is gone to, or has come.
  useEffect(() => {
    if (!focused.current) return;
    const main = place.current?.querySelector<HTMLElement>(`[data-row="${active}"] [data-main]`);
    if (!main) return;
    focused.current = false;
    main.focus({ preventScroll: true });
  });
  useEffect(() => {
    const element = place.current;
    const follow = ({ target }: FocusEvent) => {
      const row = (target as Element).closest<HTMLElement>('[data-row]')?.dataset.row;
      if (row !== undefined) setActive(Number(row));
    };
    element?.addEventListener('focusin', follow);
    return () => element?.removeEventListener('focusin', follow);
  }, []);
  const fold = (open: boolean) => current?.kind === 'family' && current.open === open && onFold(current.family.family);
  /** Arrows are the list's as long as nothing else has the focus. */
  const inList = (work: () => unknown) => () => {
    const { activeElement } = document;
    return isNowhere() || place.current?.contains(activeElement) ? work() : false;
  };
  const extend = (step: number) => {
    if (anchor.current < 0) anchor.current = active;
    void select(move(step), true, true);
  };
  useKeys({
    j: () => void move(1),
    k: () => void move(-1),
    ArrowDown: inList(() => void move(1)),
    ArrowUp: inList(() => void move(-1)),
    ArrowLeft: inList(() => fold(true)),
    ArrowRight: inList(() => fold(false)),
    'shift+ArrowDown': inList(() => extend(1)),
    'shift+ArrowUp': inList(() => extend(-1)),
    x: () => current?.kind === 'run' && void select(active, false),
    'shift+x': () => current?.kind === 'run' && void select(active, true, true),
    c: () => selection.ids.size >= 2 && onCompare(),
    Escape: () => (selection.ids.size > 0 ? selection.clear() : false),
  });
  const total = list.total ?? 0;
  const isAll = total > 0 && selection.ids.size >= total;
  const header = {
    sort,
    onSort,
    selected: isAll ? ('all' as const) : selection.ids.size > 0 ? ('some' as const) : ('none' as const),
    onSelectAll: () => (isAll ? selection.clear() : onSelectAll()),
  };
  return (
    <div
      ref={place}
      className={classes(
        'overflow-clip rounded-xl border border-line bg-panel',
        list.isStale && 'opacity-60 transition-opacity',
      )}
    >
      <div role="table" aria-label={t('nav.runs')} aria-rowcount={layout.count + 1} aria-busy={list.isStale}>
        {width >= narrow ? <TableHeader columns={columns} {...header} /> : <NarrowHeader {...header} />}
        {/* The line below the last row is that of the table. */}
        <div role="rowgroup" className="relative" style={{ height: Math.max(0, virtual.getTotalSize() - 1) }}>
          {items.map(({ index, start, size }) => {
            const row = at(index);
            const run = row.kind === 'run' ? row.run : null;
            const family = row.kind === 'family' ? row.family : null;
            return (
              <TableRow
                key={nameOf(row) || index}
                index={index}
                top={start - virtual.options.scrollMargin}
                height={size}
                run={run}
                family={family}
                open={row.kind === 'family' && row.open}
                glance={run && glanceAt(run.id)}
                shown={shown}
                selected={run !== null && selection.ids.has(run.id)}
                active={index === active}
                onSelect={onSelect}
                onFold={onFold}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const nameOf = (row: ListRow) =>
  row.kind === 'run' ? row.run.id : row.kind === 'family' ? `family ${row.family.family}` : '';

/** So far rows are thought to have moved, by others that came or went. */
const moved = 200;

/** Where a row stands that stood at an index: there, where it is not found near it. */
function placeOf(name: string, index: number, at: List['at'], count: number): number {
  for (let far = 0; far <= moved; far++) {
    for (const near of [index + far, index - far])
      if (near >= 0 && near < count && nameOf(at(near)) === name) return near;
  }
  return index;
}

/**
 * Runs among the rows that are drawn, once they rest: what is scrolled past is not asked for.
 *
 * @param kept a row that is drawn wherever it is; -1 for none
 */
function useAtRest(at: List['at'], first: number, last: number, kept: number) {
  const [runs, setRuns] = useState<readonly { id: string; live: boolean }[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const rows = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      const next = [...rows, ...(kept >= 0 && (kept < first || kept > last) ? [kept] : [])].flatMap((index) => {
        const row = at(index);
        return row.kind === 'run' ? { id: row.run.id as string, live: row.run.status === 'running' } : [];
      });
      setRuns((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    }, restMs);
    return () => clearTimeout(timer);
  }, [at, first, last, kept]);
  return runs;
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
