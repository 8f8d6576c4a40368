import { useTranslation } from 'react-i18next';
import { type Language, languages } from '../i18n/index.ts';
import { useBlur } from '../lib/blur.ts';
import { chooseBlur, chooseLanguage, chooseTheme } from '../lib/preferences.ts';
import { themes, useTheme } from '../lib/theme.ts';
import { Menu, MenuChoice, MenuLine, MenuSwitch, MenuTitle } from '../ui/menu.tsx';
import { PreferencesButton } from './preferences-button.tsx';

/** Theme, language and whether samples are blurred, at hand on every page. */
export default function PreferencesMenu({ defaultOpen }: { defaultOpen: boolean }) {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const blurred = useBlur();
  return (
    <Menu trigger={<PreferencesButton />} defaultOpen={defaultOpen}>
      <MenuTitle>{t('preferences.theme')}</MenuTitle>
      <MenuChoice
        value={theme}
        onChange={(theme) => void chooseTheme(theme)}
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
      <MenuSwitch checked={blurred} onChange={(blur) => void chooseBlur(blur)}>
        {t('preferences.blur')}
      </MenuSwitch>
    </Menu>
  );
}
