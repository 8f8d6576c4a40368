/** What can be done on the page that is shown: it says so, and the command palette offers it. */
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Action {
  /** In words, unique on the page. */
  label: string;
  act: () => unknown;
}

const offered = new Set<{ current: readonly Action[] }>();
const listeners = new Set<() => void>();
let labels: readonly string[] = [];

const all = () => [...offered].flatMap(({ current }) => current);

function tell(): void {
  labels = [...new Set(all().map(({ label }) => label))];
  for (const each of listeners) each();
}

/** Offers actions as long as the component stands. */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    offered.add(latest);
    return () => {
      offered.delete(latest);
      tell();
    };
  }, []);
  const key = actions.map(({ label }) => label).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` tells when others are offered
  useEffect(tell, [key]);
}

/** The names of all that is offered now, also of what a page offers only once it knows more. */
export function useOffered(): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => labels,
  );
}

/** Does what is offered by that name. */
export const act = (label: string): unknown =>
  all()
    .find((each) => each.label === label)
    ?.act();
