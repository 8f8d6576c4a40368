import type { ReactNode } from 'react';
import { classes } from './classes.ts';

/** One of a few, all in sight. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset
      className="relative inline-flex h-8 max-w-full min-w-0 items-center overflow-x-auto rounded-md bg-sunken p-0.5 [scrollbar-width:none]"
      aria-label={label}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={classes(
            'flex h-7 cursor-pointer items-center rounded-[5px] px-2.5 text-sm whitespace-nowrap has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.value === value ? 'bg-panel font-medium text-ink shadow-sm' : 'text-ink-2 hover:text-ink',
          )}
        >
          <input
            type="radio"
            className="sr-only"
            name={label}
            checked={option.value === value}
            onChange={(event) => {
              onChange(option.value);
              // Chosen by the pointer it does not keep the arrow keys, which are the page's.
              if (!event.currentTarget.matches(':focus-visible')) event.currentTarget.blur();
            }}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
