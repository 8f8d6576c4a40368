/** A word that zsh and bash read back as it is. */
const quoteWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A command line of words. */
export const commandLine = (...words: string[]): string => words.map(quoteWord).join(' ');

/** Assignments for `eval`, a line each. */
export const assignments = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${quoteWord(value)}`)
    .join('\n');

/** The same, of variables that the script may have made read-only: what has its value already is left alone. */
export const changes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `[ "\${${name}-}" = ${quoteWord(value)} ] || ${name}=${quoteWord(value)}`)
    .join('\n');
