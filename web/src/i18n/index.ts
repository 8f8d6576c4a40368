/** The three languages of the guide that Spoor grew from. English is bundled; the others are loaded when chosen. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';

export const languages = { en: 'English', hu: 'Magyar', ja: '日本語' } as const;
export type Language = keyof typeof languages;

const key = 'spoor.language';
const load: Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>> = {
  hu: () => import('./hu.json'),
  ja: () => import('./ja.json'),
};

const isLanguage = (text: string | null | undefined): text is Language =>
  text != null && Object.hasOwn(languages, text);

function preferred(): Language {
  try {
    const stored = localStorage.getItem(key);
    if (isLanguage(stored)) return stored;
  } catch {
    // Storage is switched off.
  }
  return navigator.languages.map((each) => each.split('-')[0]).find(isLanguage) ?? 'en';
}

async function use(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await load[language]()).default);
  }
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
  const language = preferred();
  if (language !== 'en') await use(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(key, language);
  } catch {
    // It holds for this page then.
  }
  await use(language);
}
