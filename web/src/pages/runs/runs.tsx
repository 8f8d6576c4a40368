import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { FoldVertical, Footprints, LayoutList, ListTree, SearchX, UnfoldVertical } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type SavedView } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { integer } from '../../lib/format.ts';
import { useKeys } from '../../lib/keys.ts';
import { isShared } from '../../lib/site.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Copy } from '../../ui/copy.tsx';
import { later } from '../../ui/later.tsx';
import { Empty, Page, useTitle } from '../../ui/page.tsx';
import { useAnnotating } from './annotate.ts';
import type { ListOptions } from './asked.ts';
import { type ColumnName, settingOf, shownColumns } from './columns.ts';
import { ColumnMenu, ViewsMenu } from './menus.tsx';
import { QueryBox } from './query-box.tsx';
import { useList } from './rows.ts';
import { RunTable } from './run-table.tsx';
import { useSelection } from './selection.ts';
import type { Asking } from './selection-bar.tsx';

const ListActions = later(() => import('./list-actions.tsx'));
const SelectionBar = later(() => import('./selection-bar.tsx'));
const route = getRouteApi('/');

/** All runs: found by a query, grouped by family or not, with what differs among them as columns. */
export default function Runs() {
  const { t } = useTranslation();
  useTitle(t('nav.runs'));
  const navigate = useNavigate({ from: '/' });
  const {
    q: written = '',
    sort = '-started',
    group: grouping,
    columns: chosen,
    fold,
    except,
    selected,
  } = route.useSearch();
  const grouped = grouping !== 'off';
  const { query, problem, instead } = useUnderstood(written);
  const found = useQuery({
    ...ask.columns(query ?? ''),
    enabled: query !== null,
    placeholderData: keepPreviousData,
  }).data;
  const differing = useMemo(() => (found?.columns ?? []).map(({ key }) => key), [found]);
  const columns = useMemo(() => shownColumns(chosen, differing), [chosen, differing]);
  const settings = useMemo(() => columns.flatMap((name) => settingOf(name) ?? []), [columns]);
  const options = useMemo<ListOptions>(() => ({ query: query ?? '', sort, settings }), [query, sort, settings]);
  const isOpen = useMemo(() => {
    const others = new Set(except);
    return (family: string) => others.has(family) === (fold === 'all');
  }, [fold, except]);
  const list = useList(options, grouped, isOpen);

  const [hidden, setHidden] = useState<readonly ColumnName[]>([]);
  const annotating = useAnnotating();
  const search = useCallback(
    (change: Change, replace = true) =>
      void navigate({ search: (before) => ({ ...before, ...change }) as never, replace, resetScroll: false }),
    [navigate],
  );
  /** Another look at the list, from which the way back leads to this one. */
  const look = (change: Change) => search(change, false);
  const selection = useSelection(selected, search);
  const hasSelected = selection.ids.size > 0;
  // What is asked before the bar has come it asks when it comes.
  const [asking, setAsking] = useState<Asking>(null);
  useEffect(() => {
    if (!hasSelected) setAsking(null);
  }, [hasSelected]);
  const trash = async () => (await annotating.trash(selection.runs)) && selection.clear();
  useKeys(
    isShared
      ? {}
      : {
          t: () => hasSelected && setAsking('tags'),
          v: () => hasSelected && setAsking('verdict'),
          Delete: () => hasSelected && void trash(),
        },
  );
  const setQuery = useCallback((q: string) => search({ q: q || undefined }), [search]);
  const toggle = (family: string) => {
    const others = new Set(except);
    if (!others.delete(family)) others.add(family);
    search({ except: others.size > 0 ? [...others] : undefined });
  };
  const isFolded = fold === 'all';
  const current = { query: written, sort, grouped, columns: chosen === undefined ? null : columns.slice() };
  const setSort = (next: string) => look({ sort: next === '-started' ? undefined : next });
  const setColumns = (next: readonly ColumnName[] | null) => search({ columns: next?.join(',') });
  const foldAll = () => search({ fold: isFolded ? undefined : 'all', except: undefined });
  const group = () => look({ group: grouped ? 'off' : undefined });
  const selectAll = async () => selection.change(await list.firstRuns(), []);
  const show = (view: SavedView) =>
    look({
      q: view.query || undefined,
      sort: view.sort === '-started' ? undefined : view.sort,
      group: view.grouped ? undefined : 'off',
      columns: view.columns?.join(','),
    });
  return (
    <Page
      wide
      title={t('nav.runs')}
      lead={
        list.total === null || query === null
          ? '\u00a0'
          : t('runs.count', { count: list.total, shown: integer(list.total) })
      }
      actions={
        <>
          {grouped && (
            <IconButton label={t(isFolded ? 'runs.unfoldAll' : 'runs.foldAll')} onClick={foldAll}>
              {isFolded ? (
                <UnfoldVertical className="size-4" aria-hidden />
              ) : (
                <FoldVertical className="size-4" aria-hidden />
              )}
            </IconButton>
          )}
          <IconButton label={t('runs.grouped')} pressed={grouped} onClick={group}>
            {grouped ? <ListTree className="size-4" aria-hidden /> : <LayoutList className="size-4" aria-hidden />}
          </IconButton>
          {!isShared && <ViewsMenu current={current} onShow={show} />}
          <ColumnMenu
            shown={columns}
            differing={differing}
            hidden={hidden}
            chosen={chosen !== undefined}
            onChoose={setColumns}
          />
        </>
      }
    >
      <QueryBox query={written} problem={problem} instead={instead} onQuery={setQuery} />
      <ListActions
        current={current}
        grouped={grouped}
        folded={isFolded}
        differing={differing}
        shown={columns}
        chosen={chosen !== undefined}
        selection={selection}
        annotating={annotating}
        onSort={setSort}
        onGroup={group}
        onFold={foldAll}
        onColumns={setColumns}
        onShow={show}
        onSelectAll={() => void selectAll()}
        onAsk={setAsking}
        onTrash={() => void trash()}
      />
      {hasSelected && (
        <SelectionBar
          selection={selection}
          annotating={annotating}
          asking={asking}
          onAsk={setAsking}
          onTrash={() => void trash()}
        />
      )}
      {query === null ? null : list.error ? (
        <Failure error={list.error} onRetry={list.retry} />
      ) : list.total === 0 && !list.isStale ? (
        <NoRuns onClear={written === '' ? null : () => setQuery('')} />
      ) : (
        <RunTable
          list={list}
          columns={columns}
          sort={sort}
          onSort={setSort}
          selection={selection}
          onFold={toggle}
          onCompare={() => annotating.compare([...selection.ids])}
          onSelectAll={() => void selectAll()}
          onHidden={setHidden}
        />
      )}
    </Page>
  );
}

type Change = Record<string, string | string[] | undefined>;

/**
 * The query as far as it is understood: while a word of it is typed the list stays that of the last that was; all where
 * none has been. Null until that is known.
 */
function useUnderstood(written: string): {
  query: string | null;
  problem: { message: string; hint: string | null } | null;
  /** What is shown in place of it: the last one that was understood, all where there was none. */
  instead: string;
} {
  const { t } = useTranslation();
  const { data: checked, error } = useQuery(ask.checkQuery(written));
  const last = useRef<string | null>(null);
  const isUnderstood = written === '' || checked?.problem === null;
  if (isUnderstood) last.current = written;
  // Opened with one that cannot be understood, or not even asked about, the page shows all.
  else if (checked || error) last.current ??= '';
  const refused = error && {
    message: error instanceof ApiError && error.status === 400 ? t('runs.queryTooLong') : error.message,
    hint: null,
  };
  return {
    query: last.current,
    problem: written === '' ? null : (checked?.problem ?? refused),
    instead: last.current ?? '',
  };
}

function NoRuns({ onClear }: { onClear: (() => void) | null }) {
  const { t } = useTranslation();
  if (onClear) {
    return (
      <Empty icon={<SearchX />} title={t('runs.noneMatch')}>
        <p>{t('runs.noneMatchHint')}</p>
        <Button className="mt-4 px-3" onClick={onClear}>
          {t('runs.clearQuery')}
        </Button>
      </Empty>
    );
  }
  return (
    <Empty icon={<Footprints />} title={t('runs.none')}>
      <p>{t('runs.noneHint')}</p>
      {begin.map((command) => (
        <div
          key={command}
          className="mt-3 flex items-start gap-2 rounded-lg bg-sunken px-4 py-3 text-left font-mono text-xs text-ink"
        >
          <Copy text={command} />
        </div>
      ))}
    </Empty>
  );
}

/** How one begins. */
const begin = [
  'spoor run -- accelerate launch train_network.py --config_file config.toml',
  'spoor import ~/loras',
  'spoor demo',
];
