/**
 * Offset behind the closing quotes of a string that begins (behind its opening quotes) at `from`; the
 * text's length if it is never closed. Not one regular expression for the whole: their stack is
 * bounded, a string is not.
 * @param close the closing quotes: `"`, `'`, or three of them
 * @param escapes whether a backslash takes the next character along
 */
export function endOfString(text: string, from: number, close: string, escapes: boolean): number {
  const next = close[0] === '"' ? /["\\]/g : /['\\]/g;
  next.lastIndex = from;
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    if (match[0] === '\\') next.lastIndex += escapes ? 1 : 0;
    else if (text.startsWith(close, match.index)) return match.index + close.length;
  }
  return text.length;
}
