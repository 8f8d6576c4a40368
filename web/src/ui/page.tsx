import { type ReactNode, useEffect } from 'react';
import { visible } from '../text/visible.ts';
import { classes } from './classes.ts';

/** Names the tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Spoor' : `${visible(title)} · Spoor`;
  }, [title]);
}

/** The frame of every page: a heading, what can be done, and the content. */
export function Page({
  title,
  lead,
  actions,
  wide = false,
  children,
}: {
  title: ReactNode;
  /** A line below the heading. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** Uses the whole width of the window; with `columns` of a wide one as much as parts beside each other can be read in. */
  wide?: boolean | 'columns';
  children: ReactNode;
}) {
  return (
    <main
      id="content"
      tabIndex={-1}
      className={classes(
        'mx-auto w-full px-4 pt-5 pb-24 sm:px-6',
        wide !== true && 'max-w-6xl',
        wide === 'columns' && 'min-[112rem]:max-w-[152rem]',
      )}
    >
      <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 tabIndex={-1} className="truncate text-xl font-semibold tracking-tight outline-none">
            {title}
          </h1>
          {lead && <div className="mt-0.5 text-sm text-ink-2">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </main>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  aside,
  id,
  children,
}: {
  title: ReactNode;
  aside?: ReactNode;
  id?: string;
  children: ReactNode;
}) {
  return (
    <section id={id} aria-labelledby={id && `${id}-title`} className="mb-8 scroll-mt-20">
      <div className="mb-2.5 flex items-baseline justify-between gap-4">
        <h2 id={id && `${id}-title`} className="text-sm font-semibold text-ink-2">
          {title}
        </h2>
        {aside && <div className="text-xs text-ink-3">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={classes('rounded-xl border border-line bg-panel', className)}>{children}</div>;
}

/** What is shown where there is nothing yet: what it would be, and how it comes about. */
export function Empty({
  icon,
  title,
  heading: Heading = 'p',
  children,
}: {
  icon?: ReactNode;
  title: ReactNode;
  /** `h1` where it is all that the page has. */
  heading?: 'p' | 'h1';
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-xl border border-dashed border-line-strong px-6 py-14 text-center">
      {icon && (
        <div aria-hidden className="mb-1 text-ink-3 [&_svg]:size-8 [&_svg]:stroke-[1.5]">
          {icon}
        </div>
      )}
      <Heading className="font-medium">{title}</Heading>
      {children && <div className="max-w-md text-sm text-ink-2">{children}</div>}
    </div>
  );
}

/** Holds the place of what is being loaded, so that nothing moves when it comes. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classes('rounded-md bg-sunken motion-safe:animate-pulse', className)} />;
}
