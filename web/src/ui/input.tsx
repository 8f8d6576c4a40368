import { Search } from 'lucide-react';
import type { InputHTMLAttributes, Ref } from 'react';
import { classes } from './classes.ts';

/** A field that narrows down what is below it. */
export function SearchField({
  label,
  className,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { label: string; ref?: Ref<HTMLInputElement> }) {
  return (
    <div className={classes('relative min-w-0', className)}>
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" aria-hidden />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        className="h-8 w-full rounded-md border border-line-strong bg-panel pr-2 pl-8.5 text-sm placeholder:text-ink-3 focus:border-accent focus:outline-none"
        {...rest}
      />
    </div>
  );
}
