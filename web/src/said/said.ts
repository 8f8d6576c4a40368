/**
 * What the core tells (of a failure, a change, a warning, an error) in the page's language. Core and records speak
 * English; the sentences of the other languages are loaded where the first one is shown.
 */
import i18next from 'i18next';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { type Phrases, type Say, sayIn } from './phrases.ts';

const load: Readonly<Record<string, () => Promise<{ default: Phrases }>>> = {
  hu: () => import('./hu.json'),
  ja: () => import('./ja.json'),
};

const loaded = new Map<string, Say>();
const loading = new Map<string, Promise<void>>();
const listeners = new Set<() => void>();
let isWanted = false;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Loads the sentences of a language. Never fails: what cannot be loaded stays English. */
function prepareSay(language = i18next.language): Promise<void> {
  isWanted = true;
  const bring = load[language];
  if (!bring || loaded.has(language)) return Promise.resolve();
  const begun = loading.get(language);
  if (begun) return begun;
  const work = bring()
    .then(({ default: phrases }) => {
      loaded.set(language, sayIn(phrases));
      for (const listener of listeners) listener();
    })
    .catch(() => undefined)
    .finally(() => loading.delete(language));
  loading.set(language, work);
  return work;
}

/** The same before the page changes to a language, if any sentence was shown so far. */
export const bringSay = async (language: string): Promise<void> => {
  if (isWanted) await prepareSay(language);
};

/** A page with the sentences that it shows. */
export async function withSentences<T>(page: Promise<T>): Promise<T> {
  const [shown] = await Promise.all([page, prepareSay()]);
  return shown;
}

/** A sentence of the core in the page's language, as it is where nobody knows it. */
export async function said(text: string): Promise<string> {
  await prepareSay();
  return loaded.get(i18next.language)?.(text) ?? text;
}

/** The same while drawing. */
export function useSay(): (text: string) => string {
  const { language } = useTranslation().i18n;
  const say = useSyncExternalStore(subscribe, () => loaded.get(language) ?? null);
  useEffect(() => {
    void prepareSay(language);
  }, [language]);
  return useCallback((text: string) => say?.(text) ?? text, [say]);
}
