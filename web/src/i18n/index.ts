/** The three languages of the guide that Spoor grew from. English is bundled; the others are loaded when chosen. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { kept } from '../lib/kept.ts';
import { loadPart } from '../lib/load-part.ts';
import { bringSay } from '../said/said.ts';
import en from './en.json';

export const languages = { en: 'English', hu: 'Magyar', ja: '日本語' } as const;
export type Language = keyof typeof languages;

const load: Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>> = {
  hu: () => import('./hu.json'),
  ja: () => import('./ja.json'),
};

const isLanguage = (text: string | null | undefined): text is Language =>
  text != null && Object.hasOwn(languages, text);

const spoken = kept<Language | null>(
  'spoor.language',
  (text) => (isLanguage(text) ? text : null),
  (language) => {
    if (language !== null) void use(language);
  },
);

/** As it was chosen; null where the browser's own holds. */
export const language = spoken.get;

async function use(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await loadPart(load[language])).default);
  }
  await bringSay(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function startLanguages(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes.
    returnNull: false,
  });
  const first = spoken.get() ?? navigator.languages.map((each) => each.split('-')[0]).find(isLanguage) ?? 'en';
  if (first !== 'en') await use(first);
}

export async function speak(language: Language): Promise<void> {
  spoken.set(language);
  await use(language);
}
