import type { ReactNode } from 'react';
import { classes } from './classes.ts';

/** One of a few, all in sight. */
export function Segments<T extends string>({
  label,
  value,
  options,
  disabled = false,
  onChange,
}: {
  label: string;
  /** Null where none is chosen yet. */
  value: T | null;
  options: readonly { value: T; label: ReactNode }[];
  disabled?: boolean;
  onChange: (value: T) => void;
}) {
  return (
    <fieldset
      className="relative inline-flex h-8 max-w-full min-w-0 items-center overflow-x-auto rounded-md bg-sunken p-0.5 [scrollbar-width:none]"
      aria-label={label}
      disabled={disabled}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={classes(
            'flex h-7 items-center rounded-[5px] px-2.5 text-sm whitespace-nowrap has-focus-visible:outline-2 has-focus-visible:outline-accent',
            disabled ? 'opacity-60' : 'cursor-pointer',
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
