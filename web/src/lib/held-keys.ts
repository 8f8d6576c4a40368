/** What is typed for a part of the page that is still being loaded: kept until it has the focus, and nobody else's. */
export interface HeldKeys {
  text: string;
  /** Told of the text whenever it grows or shrinks; one listens at a time. */
  listener: ((text: string) => void) | null;
  /** From here on keys go where they belong. */
  release: () => void;
}

/** @param onEscape it is not wanted any more */
export function holdKeys(onEscape: () => void): HeldKeys {
  const held: HeldKeys = { text: '', listener: null, release: () => removeEventListener('keydown', take, true) };
  function take(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey } = event;
    const isModified = (ctrlKey || metaKey || altKey) && !event.getModifierState('AltGraph');
    // A browser's own keys, and those of an input method, are left alone.
    if (isModified || event.isComposing || key === 'Process' || key === 'Dead') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === 'Escape') onEscape();
    else if (key === 'Backspace') held.text = [...held.text].slice(0, -1).join('');
    else if ([...key].length === 1) held.text += key;
    held.listener?.(held.text);
  }
  // Before anything that listens on the page.
  addEventListener('keydown', take, true);
  return held;
}
