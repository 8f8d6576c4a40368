/** Where each key of a JSON document stands. */
import { endOfString } from '../end-of-string.ts';
import { keyPath, type Places } from './places.ts';

interface Open {
  path: string;
  /** Next index of an array; -1 in an object. */
  index: number;
}

/**
 * Works on any text, with a stack of its own, so that nesting costs no call depth.
 * @param depth error beyond this many open brackets
 * @returns null if nested deeper than that
 */
export function jsonPlaces(text: string, depth: number): Places | null {
  const lines = new Map<string, number>();
  const stack: Open[] = [];
  const token = /["[\]{},\n]/g;
  let line = 1;
  /** Path of the value that follows. */
  let path = '';
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const top = stack.at(-1);
    const sign = match[0];
    if (sign === '\n') {
      line++;
    } else if (sign === '{' || sign === '[') {
      if (stack.length >= depth) return null;
      stack.push({ path, index: sign === '[' ? 0 : -1 });
      if (sign === '[') path = `${path}[0]`;
      else if (top !== undefined) lines.set(path, lines.get(path) ?? line);
    } else if (sign === '}' || sign === ']') {
      stack.pop();
    } else if (sign === ',') {
      if (top !== undefined && top.index >= 0) path = `${top.path}[${++top.index}]`;
    } else {
      token.lastIndex = endOfString(text, token.lastIndex, '"', true);
      if (top === undefined || top.index >= 0 || !isKey(text, token.lastIndex)) continue;
      path = keyPath(top.path, plain(text.slice(match.index, token.lastIndex)));
      lines.set(path, line);
    }
  }
  return { lines, refused: null };
}

function isKey(text: string, at: number): boolean {
  const next = /\s*/y;
  next.lastIndex = at;
  next.exec(text);
  return text[next.lastIndex] === ':';
}

function plain(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted;
  }
}
