/** What ends a Python trainer: an exception with its type's name, shown as a traceback. */
export class PythonError extends Error {
  /**
   * @param {string} type the exception's name as Python prints it, e.g. `ValueError`
   * @param {string} message
   */
  constructor(type, message) {
    super(message);
    this.type = type;
  }
}

/**
 * The stack in Python's words: outermost call first, the exception last. A PythonError's name is its
 * type's; any other error keeps its own.
 * @param {unknown} error
 */
export function traceback(error) {
  const cause = error instanceof Error ? error : new Error(String(error));
  const frames = (cause.stack ?? '')
    .split('\n')
    .map((line) => /^\s+at (?:async )?(?:(.+) \()?file:\/\/(.+?):(\d+):\d+\)?$/.exec(line))
    .filter((match) => match !== null)
    .map(([, name, file, line]) => `  File "${decodeURI(file ?? '')}", line ${line}, in ${name ?? '<module>'}`)
    .reverse();
  const type = cause instanceof PythonError ? cause.type : cause.name;
  return [
    'Traceback (most recent call last):',
    ...frames,
    cause.message === '' ? type : `${type}: ${cause.message}`,
    '',
  ].join('\n');
}
