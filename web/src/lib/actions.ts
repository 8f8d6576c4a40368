/** What can be done on the page that is shown: it says so, and the command palette offers it. */
import { useEffect, useRef } from 'react';

export interface Action {
  /** In words, unique on the page. */
  label: string;
  act: () => unknown;
}

const offered = new Set<{ current: readonly Action[] }>();

/** Offers actions as long as the component stands. */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    offered.add(latest);
    return () => void offered.delete(latest);
  }, []);
}

/** All that is offered now; of actions of one name the first. */
export function offeredActions(): Action[] {
  const all = [...offered].flatMap(({ current }) => current);
  return all.filter(({ label }, index) => all.findIndex((each) => each.label === label) === index);
}
