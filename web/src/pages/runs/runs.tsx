import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Footprints, LayoutList, ListTree, SearchX } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRow as Run } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { integer } from '../../lib/format.ts';
import { isShared } from '../../lib/site.ts';
import { IconButton } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import { Empty, Page, useTitle } from '../../ui/page.tsx';
import { useAnnotating } from './annotate.ts';
import type { ListOptions } from './asked.ts';
import { settingOf, shownColumns } from './columns.ts';
import { ColumnMenu, ViewsMenu } from './menus.tsx';
import { QueryBox } from './query-box.tsx';
import { useFamilyList, useFlatList } from './rows.ts';
import { RunTable } from './run-table.tsx';

const SelectionBar = later(() => import('./selection-bar.tsx'));
const route = getRouteApi('/');

/** All runs: found by a query, grouped by family or not, with what differs among them as columns. */
export default function Runs() {
  const { t } = useTranslation();
  useTitle(t('nav.runs'));
  const navigate = useNavigate({ from: '/' });
  const { q: query = '', sort = '-started', group, columns: chosen } = route.useSearch();
  const grouped = group !== 'off';
  const found = useQuery(ask.columns(query)).data;
  const differing = useMemo(() => (found?.columns ?? []).map(({ key }) => key), [found]);
  const columns = useMemo(() => shownColumns(chosen, differing), [chosen, differing]);
  const settings = useMemo(() => columns.flatMap((name) => settingOf(name) ?? []), [columns]);
  const options: ListOptions = { query, sort, settings };
  const families = useFamilyList(options, grouped);
  const flat = useFlatList(options, !grouped);
  const list = grouped ? families : flat;

  const [selected, setSelected] = useState<ReadonlyMap<string, Run>>(new Map());
  const annotating = useAnnotating();
  const search = useCallback(
    (change: Record<string, string | undefined>) =>
      void navigate({ search: (before) => ({ ...before, ...change }) as never, replace: true, resetScroll: false }),
    [navigate],
  );
  const setQuery = useCallback((q: string) => search({ q: q || undefined }), [search]);

  return (
    <Page
      wide
      title={t('nav.runs')}
      lead={list.total === null ? '\u00a0' : t('runs.count', { count: list.total, shown: integer(list.total) })}
      actions={
        <>
          <IconButton
            label={t('runs.grouped')}
            pressed={grouped}
            onClick={() => search({ group: grouped ? 'off' : undefined })}
          >
            {grouped ? <ListTree className="size-4" aria-hidden /> : <LayoutList className="size-4" aria-hidden />}
          </IconButton>
          {!isShared && (
            <ViewsMenu
              current={{ query, sort, grouped, columns: chosen === undefined ? null : columns.slice() }}
              onShow={(view) =>
                search({
                  q: view.query || undefined,
                  sort: view.sort === '-started' ? undefined : view.sort,
                  group: view.grouped ? undefined : 'off',
                  columns: view.columns?.join(','),
                })
              }
            />
          )}
          <ColumnMenu
            shown={columns}
            differing={differing}
            chosen={chosen !== undefined}
            onChoose={(next) => search({ columns: next?.join(',') })}
          />
        </>
      }
    >
      <div className="mb-4 flex">
        <QueryBox query={query} onQuery={setQuery} />
      </div>
      {list.error ? (
        <Failure error={list.error} onRetry={list.retry} />
      ) : list.total === 0 ? (
        <NoRuns searched={query !== ''} />
      ) : (
        <RunTable
          list={list}
          columns={columns}
          sort={sort}
          onSort={(next) => search({ sort: next === '-started' ? undefined : next })}
          selected={selected}
          onSelected={setSelected}
          annotating={annotating}
        />
      )}
      {selected.size > 0 && (
        <SelectionBar runs={[...selected.values()]} annotating={annotating} onClear={() => setSelected(new Map())} />
      )}
    </Page>
  );
}

function NoRuns({ searched }: { searched: boolean }) {
  const { t } = useTranslation();
  if (searched) {
    return (
      <Empty icon={<SearchX />} title={t('runs.noneMatch')}>
        {t('runs.noneMatchHint')}
      </Empty>
    );
  }
  return (
    <Empty icon={<Footprints />} title={t('runs.none')}>
      <p>{t('runs.noneHint')}</p>
      <pre className="mt-4 overflow-x-auto rounded-lg bg-sunken px-4 py-3 text-left font-mono text-xs text-ink">
        {'spoor run -- accelerate launch train_network.py --config_file config.toml\nspoor import ~/loras'}
      </pre>
    </Empty>
  );
}
