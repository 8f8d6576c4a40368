/** The variable that marks every process of a run, so that they are found in `/proc/PID/environ`. */
export const runMarker = 'SPOOR_RUN';

/** The terminal the trainer would have written to itself. */
export interface Terminal {
  columns: number;
}

/**
 * What is added to the user's environment so that a trainer that writes into a file logs as it would
 * on the terminal. Nothing the user set is overridden, not even by being empty.
 */
export function loggingEnvironment(
  user: Readonly<Record<string, string | undefined>>,
  terminal: Terminal | null,
): Record<string, string> {
  const wanted: Record<string, string> = { PYTHONUNBUFFERED: '1' };
  // `surrogateescape`, because with the plain name Python refuses to print a file name that is no UTF-8.
  if (isUtf8OrPlain(user)) wanted.PYTHONIOENCODING = 'utf-8:surrogateescape';
  if (terminal) {
    wanted.COLUMNS = String(terminal.columns);
    wanted.TQDM_NCOLS = String(terminal.columns);
    if (user.NO_COLOR === undefined && user.TERM !== 'dumb') wanted.FORCE_COLOR = '1';
  }
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => user[name] === undefined));
}

/** False where the locale names another encoding, which the terminal then expects. */
function isUtf8OrPlain(user: Readonly<Record<string, string | undefined>>): boolean {
  const locale = user.LC_ALL || user.LC_CTYPE || user.LANG || '';
  const encoding = /\.([^@]+)/.exec(locale)?.[1];
  return encoding === undefined || /^utf-?8$/i.test(encoding);
}
