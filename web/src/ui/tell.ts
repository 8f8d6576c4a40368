/** What is said in the corner of the page. Whoever draws it is loaded when there is something to say. */
import { useSyncExternalStore } from 'react';
import { said } from '../said/said.ts';

export interface Told {
  title: string;
  text?: string;
  tone?: 'plain' | 'bad';
  /** Takes it back. */
  undo?: () => void;
}

let waiting: Told[] = [];
let show: ((told: Told) => void) | null = null;
let any = false;
const listeners = new Set<() => void>();

export function tell(told: Told): void {
  if (show) show(told);
  else waiting.push(told);
  any = true;
  for (const each of listeners) each();
}

/** Says what went wrong, as whoever found it tells it. */
export function tellFailure(error: unknown): void {
  void said(error instanceof Error ? error.message : String(error)).then((title) => tell({ title, tone: 'bad' }));
}

/** Hands over what has been told, and what will be. @returns how that ends */
export function takeTold(shower: (told: Told) => void): () => void {
  show = shower;
  for (const told of waiting) shower(told);
  waiting = [];
  return () => {
    if (show === shower) show = null;
  };
}

/** Whether anything has been told yet. */
export function useTold(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => any,
  );
}
