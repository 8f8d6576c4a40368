/**
 * Theme, language and whether samples are blurred. The home remembers them, so that every browser has them; this one
 * keeps a copy, which holds from before the first paint until the home was asked. A shared site has the copy alone.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Answer, Ui } from '../../../src/api/index.ts';
import { ask, queries } from '../app/queries.ts';
import { type Language, language, speak } from '../i18n/index.ts';
import { blurSamples, isBlurred } from './blur.ts';
import { isShared } from './site.ts';
import { drawIn, type Theme, theme } from './theme.ts';
import { isRemembering, remember } from './ui-store.ts';

type Preferences = Pick<Ui, 'theme' | 'language' | 'blur'>;

export const chooseTheme = (theme: Theme): Promise<void> => choose({ theme });
export const chooseLanguage = (language: Language): Promise<void> => choose({ language });
export const chooseBlur = (blur: boolean): Promise<void> => choose({ blur });

async function choose(chosen: Partial<Preferences>): Promise<void> {
  const saved = isShared ? undefined : remember((ui) => ({ ...ui, ...chosen }));
  await adopt(chosen);
  await saved;
}

/** What nobody chose stays as this browser has it. */
async function adopt({ theme: its, language: spoken, blur }: Partial<Preferences>): Promise<void> {
  if (its && its !== theme()) drawIn(its);
  if (typeof blur === 'boolean' && blur !== isBlurred()) blurSamples(blur);
  if (spoken && spoken !== language()) await speak(spoken);
}

let isTaken = isShared;

/** Before anything is drawn, so that nothing changes its look or its language while one looks at it. */
export async function takePreferences(found: Answer<'readUi'> | undefined): Promise<void> {
  if (!found) return;
  queries.setQueryData(ask.ui().queryKey, found);
  await adopt(found.ui);
  isTaken = true;
}

/**
 * Takes over what the home remembers, and what another browser chose when one comes back to this page.
 * @returns whether the page can be drawn: where the home does not answer, with what this browser keeps
 */
export function usePreferences(enabled: boolean): boolean {
  const [taken, setTaken] = useState(isTaken);
  const { data, isError } = useQuery({
    ...ask.ui(),
    enabled: enabled && !isShared,
    refetchOnWindowFocus: 'always',
    retry: false,
  });
  useEffect(() => {
    if (data && !isRemembering()) void adopt(data.ui).finally(() => setTaken(true));
  }, [data]);
  return taken || isError;
}
