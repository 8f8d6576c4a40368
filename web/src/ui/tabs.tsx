import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { classes } from './classes.ts';

export interface Tab {
  id: string;
  label: ReactNode;
  /** How many things it holds. */
  count?: number | null;
}

/** What of an address is of one part alone. */
const ofOne = Object.fromEntries(
  ['at', 'line', 'warnings', 'q', 'open', 'find', 'defaults', 'facts', 'preview'].map((each) => [each, undefined]),
);

/** Parts of a page, each with its own address. Arrow keys go along them. */
export function Tabs({ tabs, current, label }: { tabs: readonly Tab[]; current: string; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  // On a phone there is room for a few: the current one is among them.
  const counts = tabs.map(({ count }) => count).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another is current, or they become wider
  useEffect(() => {
    const bar = place.current?.parentElement;
    const link = bar?.querySelector<HTMLElement>('[aria-current]');
    if (bar && link) bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
  }, [current, counts]);
  const go = (step: number) => {
    const links = [...(place.current?.querySelectorAll<HTMLAnchorElement>('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    links[(at + step + links.length) % links.length]?.focus();
  };
  return (
    <nav aria-label={label} className="relative mb-6 overflow-x-auto border-b border-line [scrollbar-width:none]">
      <div ref={place} className="flex gap-1">
        {tabs.map(({ id, label, count }) => (
          <Link
            key={id}
            to="."
            search={(before: Record<string, unknown>) => ({ ...before, ...ofOne, tab: id }) as never}
            aria-current={id === current ? 'page' : undefined}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') go(1);
              if (event.key === 'ArrowLeft') go(-1);
            }}
            className={classes(
              '-mb-px flex items-center gap-1.5 border-b-2 px-3 py-2 text-sm whitespace-nowrap',
              id === current
                ? 'border-accent font-medium text-ink'
                : 'border-transparent text-ink-2 hover:border-line-strong hover:text-ink',
            )}
          >
            {label}
            {count != null && count > 0 && (
              <span className="rounded-full bg-sunken px-1.5 text-2xs text-ink-3">{count}</span>
            )}
          </Link>
        ))}
      </div>
    </nav>
  );
}
