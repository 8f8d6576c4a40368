import type { ComponentPropsWithRef, ReactNode } from 'react';
import { useSay } from '../said/said.ts';
import { classes } from './classes.ts';

/** One line of text. */
export function TextInput({ className, ...rest }: ComponentPropsWithRef<'input'>) {
  return (
    <input
      className={classes(
        'h-8 min-w-0 rounded-md border border-line-strong bg-panel px-2.5 text-sm placeholder:text-ink-3 focus:border-accent focus:outline-none disabled:bg-sunken disabled:text-ink-3 aria-invalid:border-bad',
        className,
      )}
      autoComplete="off"
      spellCheck={false}
      {...rest}
    />
  );
}

/** Something that is on or off, with what it means. */
export function Check({
  checked,
  onChange,
  disabled = false,
  hint,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  hint?: ReactNode;
  children: ReactNode;
}) {
  return (
    <label className={classes('flex gap-2.5 text-sm', disabled ? 'text-ink-3' : 'cursor-pointer')}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        {children}
        {hint && <span className="block text-xs text-ink-3">{hint}</span>}
      </span>
    </label>
  );
}

/** What is wrong with a field, and how to mend it. */
export function Fault({ id, message, hint }: { id?: string; message: string; hint: string }) {
  const say = useSay();
  return (
    <p id={id} role="alert" className="text-xs break-words text-bad">
      <span className="font-medium">{say(message)}</span>
      <span className="block">{say(hint)}</span>
    </p>
  );
}
