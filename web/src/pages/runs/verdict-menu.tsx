import { useTranslation } from 'react-i18next';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import type { VerdictValue } from '../../ui/status.tsx';
import { VerdictButton } from './verdict-button.tsx';

const verdicts = ['worked', 'mixed', 'failed'] as const;

/** @param props.onChoose null takes the verdict away */
export default function VerdictMenu({
  onChoose,
  defaultOpen,
}: {
  onChoose: (verdict: VerdictValue | null) => void;
  defaultOpen: boolean;
}) {
  const { t } = useTranslation();
  return (
    <Menu trigger={<VerdictButton />} defaultOpen={defaultOpen}>
      {verdicts.map((verdict) => (
        <MenuItem key={verdict} onSelect={() => onChoose(verdict)}>
          {t(`verdict.${verdict}`)}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem onSelect={() => onChoose(null)}>{t('runs.noVerdict')}</MenuItem>
    </Menu>
  );
}
