import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/button.tsx';
import { sortable } from './columns.ts';
import { SelectAll } from './select-all.tsx';

/** On a phone, where columns have no headings: selects all, and sorts. */
export function NarrowHeader({
  sort,
  onSort,
  selected,
  onSelectAll,
}: {
  sort: string;
  onSort: (sort: string) => void;
  selected: 'all' | 'some' | 'none';
  onSelectAll: () => void;
}) {
  const { t } = useTranslation();
  const descending = sort.startsWith('-');
  const by = descending ? sort.slice(1) : sort;
  const choose = (next: string) =>
    onSort(sortable.find((each) => each.by === next)?.first === 'greatest' ? `-${next}` : next);
  return (
    <div
      role="row"
      className="relative flex h-11 items-center justify-end gap-1 border-b border-line pr-2 pl-12 text-sm"
    >
      <SelectAll selected={selected} onSelectAll={onSelectAll} />
      <div role="cell" className="flex items-center gap-1">
        <select
          aria-label={t('runs.sort')}
          value={by}
          onChange={(event) => choose(event.target.value)}
          className="h-8 rounded-md border border-line-strong bg-panel px-2 text-ink-2"
        >
          {sortable.map(({ by, column }) => (
            <option key={by} value={by}>
              {t(`runs.column.${column}`)}
            </option>
          ))}
          {!sortable.some((each) => each.by === by) && <option value={by}>{by.replace(/^setting:/, '')}</option>}
        </select>
        <IconButton label={t('runs.reverse')} onClick={() => onSort(descending ? by : `-${by}`)}>
          {descending ? <ArrowDown className="size-4" aria-hidden /> : <ArrowUp className="size-4" aria-hidden />}
        </IconButton>
      </div>
    </div>
  );
}
