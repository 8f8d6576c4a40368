import { useState } from 'react';

const nameOf = (key: string) => `spoor.draft.${key}`;

/** What was being written under a key in this window; null where nothing was. */
export function writtenOf(key: string): string | null {
  try {
    return sessionStorage.getItem(nameOf(key));
  } catch {
    return null;
  }
}

/**
 * What is being written outlives a look at another part of the page, and a reload.
 *
 * @param begin what it is as long as nothing was written; written again, or null, it is forgotten
 */
export function useWritten(key: string, begin = ''): [string, (text: string | null) => void] {
  const [text, setText] = useState(() => writtenOf(key) ?? begin);
  const change = (next: string | null) => {
    setText(next ?? begin);
    try {
      if (next === null || next === begin) sessionStorage.removeItem(nameOf(key));
      else sessionStorage.setItem(nameOf(key), next);
    } catch {
      // Storage is switched off: it lasts as long as the page.
    }
  };
  return [text, change];
}
