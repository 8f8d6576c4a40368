import { useEffect, useRef } from 'react';
import { isSwitchedOff } from './single-keys.ts';

type Keys = Record<string, (event: KeyboardEvent) => unknown>;

/**
 * Keys of the page, by name: `j`, `ArrowDown`, `shift+x`, `mod+k` (⌘ on a Mac, Ctrl elsewhere). While something is being
 * typed they are left alone, and a key whose action gives false is left to the browser.
 *
 * @param options.always also while typing
 */
export function useKeys(keys: Keys, { always = false }: { always?: boolean } = {}): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isSwitchedOff(event) || (!always && (isTyping(event) || isOverlaid()))) return;
      const action = current.current[nameOf(event)];
      if (!action) return;
      if (action(event) !== false) event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [always]);
}

function nameOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): string {
  const named = key.length === 1 ? key.toLowerCase() : key;
  const isLetter = /^[a-z]$/.test(named) || key.length > 1;
  return [ctrlKey || metaKey ? 'mod' : '', altKey ? 'alt' : '', shiftKey && isLetter ? 'shift' : '', named]
    .filter(Boolean)
    .join('+');
}

/** Whose keys are named otherwise. */
export const isMac = navigator.platform.startsWith('Mac');

/** What a slider or a choice makes of a key itself; other keys are the page's. */
const ofControls = /^(?:Arrow\w+|Home|End|Page\w+|Enter| )$/;

function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // Enter and the space bar are those of what has the focus.
  if (/^(?:Enter| )$/.test(key) && target.closest('button, a[href], summary')) return true;
  if (target instanceof HTMLInputElement && /^(?:range|radio|checkbox)$/.test(target.type)) return ofControls.test(key);
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** A dialog or menu is open: the keys are its own. What is told in the corner is no such dialog, and stands for long. */
function isOverlaid(): boolean {
  return (
    document.querySelector(
      '[role="dialog"]:not([aria-modal="false"]), [role="menu"], [role="listbox"]:not([hidden])',
    ) !== null
  );
}
