import { useTranslation } from 'react-i18next';
import { chooseLanguage, type Language, languages } from '../i18n/index.ts';
import { setBlur, useBlur } from '../lib/blur.ts';
import { chooseTheme, type Theme, useTheme } from '../lib/theme.ts';
import { Menu, MenuChoice, MenuLine, MenuSwitch, MenuTitle } from '../ui/menu.tsx';
import { PreferencesButton } from './preferences-button.tsx';

/** Theme, language and whether samples are blurred: kept in this browser. */
export default function PreferencesMenu({ defaultOpen }: { defaultOpen: boolean }) {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const blurred = useBlur();
  const themes: readonly Theme[] = ['system', 'light', 'dark'];
  return (
    <Menu trigger={<PreferencesButton />} defaultOpen={defaultOpen}>
      <MenuTitle>{t('preferences.theme')}</MenuTitle>
      <MenuChoice
        value={theme}
        onChange={chooseTheme}
        options={themes.map((value) => ({ value, label: t(`preferences.${value}`) }))}
      />
      <MenuLine />
      <MenuTitle>{t('preferences.language')}</MenuTitle>
      <MenuChoice
        value={i18n.language as Language}
        onChange={(language) => void chooseLanguage(language)}
        options={Object.entries(languages).map(([value, label]) => ({ value: value as Language, label }))}
      />
      <MenuLine />
      <MenuSwitch checked={blurred} onChange={setBlur}>
        {t('preferences.blur')}
      </MenuSwitch>
    </Menu>
  );
}
