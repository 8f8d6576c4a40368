import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../app/queries.ts';
import { Menu, MenuItem, MenuLine, MenuSwitch, MenuTitle } from '../../ui/menu.tsx';
import { type ColumnName, fixedColumns } from './columns.ts';
import { ColumnsButton } from './menus.tsx';

/** Which columns are shown. */
export default function ColumnMenu({
  shown,
  differing,
  hidden,
  chosen,
  onChoose,
  defaultOpen,
}: {
  shown: readonly ColumnName[];
  differing: readonly string[];
  /** Those shown that there is no room for. */
  hidden: readonly ColumnName[];
  /** Whether anyone chose. */
  chosen: boolean;
  onChoose: (columns: readonly ColumnName[] | null) => void;
  defaultOpen: boolean;
}) {
  const { t } = useTranslation();
  const toggle = (name: ColumnName) => (on: boolean) =>
    onChoose(on ? [...shown, name] : shown.filter((each) => each !== name));
  const { data } = useQuery(ask.vocabulary());
  const own = shown.flatMap((each) => (each.startsWith('setting:') ? [each.slice(8)] : []));
  const first = [...new Set([...differing.slice(0, 20), ...own])];
  const others = (data?.settings ?? []).filter((key) => !first.includes(key));
  const setting = (key: string) => (
    <MenuSwitch key={key} checked={shown.includes(`setting:${key}`)} onChange={toggle(`setting:${key}`)}>
      <span className="font-mono text-xs">{key}</span>
      <NoRoom name={`setting:${key}`} hidden={hidden} />
    </MenuSwitch>
  );
  return (
    <Menu trigger={<ColumnsButton />} defaultOpen={defaultOpen}>
      <div className="max-h-[60vh] overflow-auto">
        {fixedColumns.map((name) => (
          <MenuSwitch key={name} checked={shown.includes(name)} onChange={toggle(name)}>
            {t(`runs.column.${name}`)}
            <NoRoom name={name} hidden={hidden} />
          </MenuSwitch>
        ))}
        {first.length > 0 && (
          <>
            <MenuLine />
            <MenuTitle>{t('runs.differing')}</MenuTitle>
          </>
        )}
        {first.map(setting)}
        {others.length > 0 && (
          <>
            <MenuLine />
            <MenuTitle>{t('runs.otherSettings')}</MenuTitle>
          </>
        )}
        {others.map(setting)}
        <MenuLine />
        <MenuItem disabled={!chosen} onSelect={() => onChoose(null)}>
          {t('runs.usualColumns')}
        </MenuItem>
      </div>
    </Menu>
  );
}

/** A column that is chosen, but has no place in so narrow a window. */
function NoRoom({ name, hidden }: { name: ColumnName; hidden: readonly ColumnName[] }) {
  const { t } = useTranslation();
  return hidden.includes(name) && <span className="ml-auto pl-3 text-2xs text-ink-3">{t('runs.noRoom')}</span>;
}
