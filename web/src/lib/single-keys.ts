/** Whether keys without Ctrl or ⌘ act: who speaks to the computer, or leans on the keys, can switch them off (WCAG 2.1.4). */
import { kept } from './kept.ts';

const single = kept('spoor.single-keys', (text) => text !== 'false');

export const useSingleKeys = single.use;
export const allowSingleKeys = single.set;

/** A key that writes a character, alone: arrows and function keys are none. */
export function isSwitchedOff({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !single.get() && key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;
}
