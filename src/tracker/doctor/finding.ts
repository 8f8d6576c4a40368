/** What the doctor found of one thing. */
export interface Finding {
  /** Stable name of the check. */
  check: string;
  /** `note`: absent or unusual, and nothing is the worse for it unless it is wanted. */
  state: 'ok' | 'note' | 'warning' | 'error';
  message: string;
  /** How to mend it, or what to know of it. */
  hint: string | null;
  /** Commands that mend it, each of which can be typed as it is. */
  commands: string[];
}

type Told = (check: string, message: string, hint?: string | null, commands?: string[]) => Finding;

const told =
  (state: Finding['state']): Told =>
  (check, message, hint = null, commands = []) => ({ check, state, message, hint, commands });

export const ok = told('ok');
export const note = told('note');
export const problem = told('warning');
export const broken = told('error');

/** One word of a shell. */
export const quoted = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
