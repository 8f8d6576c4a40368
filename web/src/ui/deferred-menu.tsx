import { type ComponentType, useState } from 'react';
import type { ButtonProps } from './button.tsx';
import { later } from './later.tsx';

/**
 * A menu that is loaded when it is asked for, so that the first page need not carry it. Its button stands there from the
 * start, and looks the same before and after.
 */
export function deferredMenu<Props extends { defaultOpen: boolean }>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  Trigger: ComponentType<ButtonProps>,
): ComponentType<Omit<Props, 'defaultOpen'>> {
  const Loaded = later(load, <Trigger aria-haspopup="menu" aria-expanded />);
  return function Deferred(props: Omit<Props, 'defaultOpen'>) {
    const [wanted, setWanted] = useState(false);
    if (wanted) return <Loaded {...(props as Props)} defaultOpen />;
    return (
      <Trigger
        aria-haspopup="menu"
        aria-expanded={false}
        onPointerEnter={() => void Loaded.preload()}
        onClick={() => setWanted(true)}
      />
    );
  };
}
