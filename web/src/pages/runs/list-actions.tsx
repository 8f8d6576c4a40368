import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '../../../../src/api/index.ts';
import { type Action, useActions } from '../../lib/actions.ts';
import { isShared } from '../../lib/site.ts';
import { useRemembered } from '../../lib/ui-store.ts';
import { later } from '../../ui/later.tsx';
import type { Annotating } from './annotate.ts';
import { type ColumnName, fixedColumns, settingOf, sortable } from './columns.ts';
import type { Selection } from './selection.ts';
import type { Asking } from './selection-bar.tsx';

const KeepView = later(() => import('./keep-view.tsx'));

/** So many settings that differ are offered as columns. */
const mostSettings = 20;

/** What the command palette offers on the list of runs; it draws nothing but what it asks. */
export default function ListActions({
  current,
  grouped,
  folded,
  differing,
  shown,
  chosen,
  selection,
  annotating,
  onSort,
  onGroup,
  onFold,
  onColumns,
  onShow,
  onSelectAll,
  onAsk,
  onTrash,
}: {
  /** As it would be kept. */
  current: Omit<SavedView, 'name'>;
  grouped: boolean;
  folded: boolean;
  differing: readonly string[];
  shown: readonly ColumnName[];
  /** Whether anyone chose them. */
  chosen: boolean;
  selection: Selection;
  annotating: Annotating;
  onSort: (sort: string) => void;
  onGroup: () => void;
  onFold: () => void;
  onColumns: (columns: readonly ColumnName[] | null) => void;
  onShow: (view: SavedView) => void;
  onSelectAll: () => void;
  onAsk: (asking: Asking) => void;
  onTrash: () => void;
}) {
  const { t } = useTranslation();
  const views = useRemembered().ui?.views ?? [];
  const [keeping, setKeeping] = useState(false);
  const { sort } = current;
  const columns = [
    ...fixedColumns,
    ...new Set([...differing.slice(0, mostSettings).map((key) => `setting:${key}` as const), ...shown]),
  ];
  const count = selection.ids.size;
  const onSelected: Action[] = isShared
    ? []
    : [
        { label: t('keys.runs.tag'), act: () => onAsk('tags') },
        { label: t('keys.runs.verdict'), act: () => onAsk('verdict') },
        { label: t('keys.runs.trash'), act: onTrash },
      ];
  useActions([
    ...(count >= 2 && count <= 12
      ? [{ label: t('keys.runs.compare'), act: () => annotating.compare([...selection.ids]) }]
      : []),
    ...(count > 0 ? [...onSelected, { label: t('runs.clearSelection'), act: selection.clear }] : []),
    { label: t('runs.selectAll'), act: onSelectAll },
    { label: t(grouped ? 'runs.ungroup' : 'runs.grouped'), act: onGroup },
    ...(grouped ? [{ label: t(folded ? 'runs.unfoldAll' : 'runs.foldAll'), act: onFold }] : []),
    ...sortable.map(({ by, column, first }) => ({
      label: t('runs.sortBy', { column: t(`runs.column.${column}`) }),
      act: () => onSort(first === 'greatest' ? `-${by}` : by),
    })),
    { label: t('runs.reverse'), act: () => onSort(sort.startsWith('-') ? sort.slice(1) : `-${sort}`) },
    ...(isShared ? [] : views).map((view) => ({
      label: t('runs.showView', { name: view.name }),
      act: () => onShow(view),
    })),
    ...(isShared ? [] : [{ label: t('runs.keepView'), act: () => setKeeping(true) }]),
    ...[...new Set(columns)].map((name) => {
      const label = settingOf(name) ?? t(`runs.column.${name}`);
      return shown.includes(name)
        ? {
            label: t('runs.hideColumn', { column: label }),
            act: () => onColumns(shown.filter((each) => each !== name)),
          }
        : { label: t('runs.showColumn', { column: label }), act: () => onColumns([...shown, name]) };
    }),
    ...(chosen ? [{ label: t('runs.usualColumns'), act: () => onColumns(null) }] : []),
  ]);
  return keeping && <KeepView view={current} onClose={() => setKeeping(false)} />;
}
