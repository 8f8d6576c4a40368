import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.ts';

const looks = {
  plain: 'border border-line-strong bg-panel text-ink hover:border-ink-3 hover:bg-sunken',
  primary: 'border border-transparent bg-accent text-accent-ink hover:opacity-90',
  quiet: 'border border-transparent text-ink-2 hover:bg-sunken hover:text-ink',
  danger: 'border border-transparent bg-bad-soft text-bad hover:opacity-85',
} as const;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  /** Pressed, of a button that switches something. */
  pressed?: boolean;
  /** As wide as it is high, for an icon. */
  square?: boolean;
}

export const buttonClass = (look: keyof typeof looks = 'plain', more = 'px-3') =>
  classes(
    'inline-flex h-8 shrink-0 select-none items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-45 aria-pressed:bg-accent-soft aria-pressed:text-accent aria-pressed:border-accent/40',
    looks[look],
    more,
  );

export function Button({ look = 'plain', pressed, square = false, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      aria-pressed={pressed}
      className={buttonClass(look, classes(square ? 'w-8' : 'px-3', className))}
      {...rest}
    />
  );
}

/** A square button that shows an icon; its name is for screen readers and the tooltip. */
export function IconButton({
  label,
  className,
  children,
  ...rest
}: ButtonProps & { label: string; children: ReactNode }) {
  return (
    <Button look="quiet" aria-label={label} title={label} square className={className} {...rest}>
      {children}
    </Button>
  );
}
