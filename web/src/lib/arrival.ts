/**
 * Where the keyboard is. On a page that one comes to it begins at the heading, which a screen reader then says; on one that
 * one comes back to, where it was.
 */
import type { RegisteredRouter } from '@tanstack/react-router';

/** A row of a list: its place, and what stands there by a name of its own. */
export interface Place {
  index: number;
  name: string;
}

/** For each entry of the history. */
const left = new Map<number, Place>();
let entry = 0;

/** Remembers the place on the page that is shown. */
export const keepPlace = (place: Place) => void left.set(entry, place);

/** The place that was left on the page that is shown; null where one was never there. */
export const placeHere = (): Place | null => left.get(entry) ?? null;

const headingHere = () => document.querySelector<HTMLElement>('main h1');

/** Whether the keyboard is nowhere in particular: on the page as a whole, or its heading. */
export function isNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement === headingHere();
}

/** So long a page may take to know its heading. */
const patience = 5000;

export function watchArrivals(router: RegisteredRouter): void {
  const indexOf = ({ state }: RegisteredRouter['history']['location']) => state.__TSR_index;
  entry = indexOf(router.history.location);
  router.history.subscribe(({ location, action }) => {
    entry = indexOf(location);
    // What came after is gone from the history.
    if (action.type === 'PUSH') for (const each of left.keys()) if (each >= entry) left.delete(each);
  });
  let before: Element | null = null;
  router.subscribe('onBeforeNavigate', () => {
    before = document.activeElement;
  });
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (fromLocation && pathChanged) arrive(before);
  });
}

/** @param before what had the focus on the page that was left */
function arrive(before: Element | null): void {
  const now = document.activeElement;
  // The page itself has given it a place.
  if (now !== before && now?.closest('main, [role="dialog"]')) return;
  const settled = () => {
    if (document.activeElement !== now) return true;
    const heading = headingHere();
    if (!heading?.textContent) return false;
    heading.focus({ preventScroll: true });
    return true;
  };
  if (settled()) return;
  const observer = new MutationObserver(() => {
    if (settled()) observer.disconnect();
  });
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  setTimeout(() => observer.disconnect(), patience);
}
