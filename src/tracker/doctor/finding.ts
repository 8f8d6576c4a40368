/** What the doctor found of one thing. */
export interface Finding {
  /** Stable name of the check. */
  check: string;
  /** `note`: absent or unusual, and nothing is the worse for it unless it is wanted. */
  state: 'ok' | 'note' | 'warning' | 'error';
  message: string;
  /** How to mend it, or what to know of it. */
  hint: string | null;
}

export const ok = (check: string, message: string, hint: string | null = null): Finding => ({
  check,
  state: 'ok',
  message,
  hint,
});
export const note = (check: string, message: string, hint: string | null = null): Finding => ({
  check,
  state: 'note',
  message,
  hint,
});
export const problem = (check: string, message: string, hint: string | null = null): Finding => ({
  check,
  state: 'warning',
  message,
  hint,
});
export const broken = (check: string, message: string, hint: string | null = null): Finding => ({
  check,
  state: 'error',
  message,
  hint,
});
