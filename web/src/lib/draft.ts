import { useCallback, useEffect, useRef, useState } from 'react';

/** Browsers take an address amiss that changes with every pixel of a slider. */
const restMs = 120;

/**
 * Search parameters that change faster than an address should: what is shown follows at once, the address when it rests.
 *
 * @param write puts changes into the address
 * @returns the parameters as they are to be shown, and how they are changed
 */
export function useDraft<S extends object>(
  search: S,
  write: (change: Partial<S>) => void,
): [S, (change: Partial<S>) => void] {
  const [draft, setDraft] = useState<Partial<S>>({});
  const waiting = useRef<Partial<S> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(write);
  latest.current = write;
  const flush = useCallback(() => {
    clearTimeout(timer.current);
    const change = waiting.current;
    waiting.current = null;
    if (change) latest.current(change);
  }, []);
  const change = useCallback(
    (next: Partial<S>) => {
      waiting.current = { ...waiting.current, ...next };
      setDraft((before) => ({ ...before, ...next }));
      clearTimeout(timer.current);
      timer.current = setTimeout(flush, restMs);
    },
    [flush],
  );
  // The address has caught up, or another one was opened.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the address is another one
  useEffect(() => {
    if (waiting.current === null) setDraft((before) => (Object.keys(before).length === 0 ? before : {}));
  }, [search]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [{ ...search, ...draft }, change];
}
