/** Samples may show what not everyone in the room should see: blurred until pointed at. */
import { useSyncExternalStore } from 'react';

const key = 'spoor.blur';
const listeners = new Set<() => void>();

function isOn(): boolean {
  try {
    return localStorage.getItem(key) === 'on';
  } catch {
    return false;
  }
}

export function setBlur(on: boolean): void {
  try {
    localStorage.setItem(key, on ? 'on' : 'off');
  } catch {
    // Storage is switched off: nothing to keep it in.
  }
  for (const each of listeners) each();
}

export function useBlur(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isOn);
}

/** Class of an image that shows what a model made. */
export const blurClass = 'blur-xl transition-[filter] hover:blur-none focus-visible:blur-none';
