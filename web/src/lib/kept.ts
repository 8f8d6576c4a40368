/** A value that this browser keeps: told to whoever shows it, and taken over where another tab changed it. */
import { useSyncExternalStore } from 'react';

export interface Kept<T> {
  get(): T;
  set(value: T): void;
  use(): T;
  subscribe(listener: () => void): () => void;
}

/** @param changed called before anybody is told, also when another tab changed it */
export function kept<T>(
  key: string,
  read: (text: string | null) => T,
  changed: (value: T) => void = () => {},
): Kept<T> {
  const listeners = new Set<() => void>();
  let value = read(stored());
  function stored(): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      // Storage is switched off: it holds for this page.
      return null;
    }
  }
  function take(next: T): void {
    value = next;
    changed(next);
    for (const each of listeners) each();
  }
  addEventListener('storage', (event) => {
    if (event.key === key || event.key === null) take(read(stored()));
  });
  const get = () => value;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get,
    subscribe,
    use: () => useSyncExternalStore(subscribe, get),
    set(next) {
      try {
        localStorage.setItem(key, String(next));
      } catch {
        // As above.
      }
      take(next);
    },
  };
}
