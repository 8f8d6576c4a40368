import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

/**
 * Leads to a run as a `Link` does. Each `Link` builds its address anew and listens to the router, which is felt where
 * four hundred rows a second come into view.
 */
export function RunLink({ run, className, children }: { run: string; className: string; children: ReactNode }) {
  const router = useRouter();
  const target = { to: '/runs/$run', params: { run } } as const;
  const preload = () => void router.preloadRoute(target);
  return (
    <a
      href={router.history.createHref(`/runs/${encodeURIComponent(run)}`)}
      data-main
      className={className}
      onMouseEnter={preload}
      onFocus={preload}
      onClick={(event) => {
        if (!isPlain(event)) return;
        event.preventDefault();
        void router.navigate(target);
      }}
    >
      {children}
    </a>
  );
}

/** Other clicks are the browser's: they open another tab, or save. */
const isPlain = ({ defaultPrevented, button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent) =>
  !defaultPrevented && button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
