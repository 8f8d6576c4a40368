import { useTranslation } from 'react-i18next';
import { Menu, MenuItem, MenuLine, MenuSwitch, MenuTitle } from '../../ui/menu.tsx';
import { type ColumnName, fixedColumns } from './columns.ts';
import { ColumnsButton } from './menus.tsx';

/** Which columns are shown. */
export default function ColumnMenu({
  shown,
  differing,
  chosen,
  onChoose,
  defaultOpen,
}: {
  shown: readonly ColumnName[];
  differing: readonly string[];
  /** Whether anyone chose. */
  chosen: boolean;
  onChoose: (columns: readonly ColumnName[] | null) => void;
  defaultOpen: boolean;
}) {
  const { t } = useTranslation();
  const toggle = (name: ColumnName) => (on: boolean) =>
    onChoose(on ? [...shown, name] : shown.filter((each) => each !== name));
  const settings = [
    ...new Set([
      ...differing.slice(0, 20),
      ...shown.flatMap((each) => (each.startsWith('setting:') ? [each.slice(8)] : [])),
    ]),
  ];
  return (
    <Menu trigger={<ColumnsButton />} defaultOpen={defaultOpen}>
      <div className="max-h-[60vh] overflow-auto">
        {fixedColumns.map((name) => (
          <MenuSwitch key={name} checked={shown.includes(name)} onChange={toggle(name)}>
            {t(`runs.column.${name}`)}
          </MenuSwitch>
        ))}
        {settings.length > 0 && (
          <>
            <MenuLine />
            <MenuTitle>{t('runs.differing')}</MenuTitle>
          </>
        )}
        {settings.map((key) => (
          <MenuSwitch key={key} checked={shown.includes(`setting:${key}`)} onChange={toggle(`setting:${key}`)}>
            <span className="font-mono text-xs">{key}</span>
          </MenuSwitch>
        ))}
        <MenuLine />
        <MenuItem disabled={!chosen} onSelect={() => onChoose(null)}>
          {t('runs.usualColumns')}
        </MenuItem>
      </div>
    </Menu>
  );
}
