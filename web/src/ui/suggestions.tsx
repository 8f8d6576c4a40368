import { type KeyboardEvent, useState } from 'react';

/** What completes a field: arrows go along it, Enter and Tab take what is chosen, and the field keeps the focus. */
export function useSuggestions(count: number, take: (index: number) => void) {
  const [at, setAt] = useState(-1);
  const chosen = at < count ? at : -1;
  return {
    /** -1 where none is. */
    chosen,
    reset: () => setAt(-1),
    /** @returns whether the key was for the suggestions */
    onKey: (event: KeyboardEvent): boolean => {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) setAt(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
      else if ((event.key === 'Enter' || event.key === 'Tab') && chosen >= 0) take(chosen);
      else return false;
      event.preventDefault();
      return true;
    },
  };
}
