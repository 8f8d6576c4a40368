import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../ui/classes.ts';
import { type ColumnName, descendsFirst, gridTemplate, settingOf, sortKeyOf } from './columns.ts';
import { SelectAll } from './select-all.tsx';

/** The headings, which sort, and the box that selects all. */
export function TableHeader({
  columns,
  sort,
  onSort,
  selected,
  onSelectAll,
}: {
  columns: readonly ColumnName[];
  sort: string;
  onSort: (sort: string) => void;
  selected: 'all' | 'some' | 'none';
  onSelectAll: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div
      role="row"
      className="sticky top-13 z-10 grid h-9 items-center gap-x-3 rounded-t-xl border-b border-line bg-panel pr-4 pl-12 text-xs text-ink-3"
      style={{ gridTemplateColumns: gridTemplate(columns) }}
    >
      <SelectAll selected={selected} onSelectAll={onSelectAll} />
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
        const by = sortKeyOf(column);
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
  if (by === undefined) {
    return (
      <div role="columnheader" className="min-w-0 truncate">
        {name}
      </div>
    );
  }
  const isSorted = sort.replace('-', '') === by;
  const descending = sort.startsWith('-');
  const direction = !isSorted ? 'none' : descending ? 'descending' : 'ascending';
  const next = isSorted ? !descending : descendsFirst(by);
  return (
    <div role="columnheader" aria-sort={direction} className="min-w-0 truncate">
      <button
        type="button"
        onClick={() => onSort(next ? `-${by}` : by)}
        className={classes('inline-flex h-7 items-center gap-1 hover:text-ink', isSorted && 'font-medium text-ink')}
      >
        {name}
        {isSorted &&
          (descending ? <ArrowDown className="size-3" aria-hidden /> : <ArrowUp className="size-3" aria-hidden />)}
      </button>
    </div>
  );
}
