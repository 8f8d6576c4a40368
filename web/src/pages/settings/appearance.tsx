import { useTranslation } from 'react-i18next';
import { type Language, languages } from '../../i18n/index.ts';
import { useBlur } from '../../lib/blur.ts';
import { chooseBlur, chooseLanguage, chooseTheme } from '../../lib/preferences.ts';
import { themes, useTheme } from '../../lib/theme.ts';
import { Card, Section } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';

/** How the page looks, in every browser of this home. */
export function Appearance() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const blurred = useBlur();
  const row = 'flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3 text-sm';
  return (
    <Section title={t('preferences.title')} id="appearance">
      <Card className="divide-y divide-line">
        <div className={row}>
          <span className="font-medium">{t('preferences.theme')}</span>
          <Segments
            label={t('preferences.theme')}
            value={theme}
            onChange={(next) => void chooseTheme(next)}
            options={themes.map((value) => ({ value, label: t(`preferences.${value}`) }))}
          />
        </div>
        <div className={row}>
          <span className="font-medium">{t('preferences.language')}</span>
          <Segments
            label={t('preferences.language')}
            value={i18n.language as Language}
            onChange={(language) => void chooseLanguage(language)}
            options={Object.entries(languages).map(([value, label]) => ({ value: value as Language, label }))}
          />
        </div>
        <label className="flex cursor-pointer items-center justify-between gap-6 px-4 py-3 text-sm">
          <span>
            <span className="font-medium">{t('preferences.blur')}</span>
            <span className="block text-xs text-ink-3">{t('settings.blurHint')}</span>
          </span>
          <input
            type="checkbox"
            checked={blurred}
            onChange={(event) => void chooseBlur(event.target.checked)}
            className="size-5 shrink-0 accent-accent"
          />
        </label>
      </Card>
    </Section>
  );
}
