import { type ComponentType, lazy, Suspense, useState } from 'react';
import type { ButtonProps } from './button.tsx';

/**
 * A menu that is loaded when it is asked for, so that the first page need not carry it. Its button stands there from the
 * start, and looks the same before and after.
 */
export function deferredMenu<Props extends { defaultOpen: boolean }>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  Trigger: ComponentType<ButtonProps>,
): ComponentType<Omit<Props, 'defaultOpen'>> {
  const Loaded = lazy(load) as unknown as ComponentType<Props>;
  return function Deferred(props: Omit<Props, 'defaultOpen'>) {
    const [wanted, setWanted] = useState(false);
    if (wanted) {
      return (
        <Suspense fallback={<Trigger aria-haspopup="menu" aria-expanded />}>
          <Loaded {...(props as Props)} defaultOpen />
        </Suspense>
      );
    }
    return (
      <Trigger
        aria-haspopup="menu"
        aria-expanded={false}
        onPointerEnter={() => void load()}
        onClick={() => setWanted(true)}
      />
    );
  };
}
