/** Where the values of secret keys stand in a text. A single pass: every pattern is bounded. */
import { isSecretKey, secretOption } from './secret-names.ts';
import type { Found } from './secret-shapes.ts';

export type TextFormat = 'toml' | 'yaml' | 'json' | 'shell' | 'text';

/** A secret with its text, and the quotes that its replacement needs where it had none of its own. */
export interface FoundByKey extends Found {
  value: string;
  quote: string;
}

const assignment = /(?<![\w$-])(\\?["']?)([A-Za-z_][\w.-]{0,80})\1([ \t]{0,200})(\+=|=|:)/g;
const option =
  /(?<![\w-])--?([A-Za-z][\w.-]{2,80})(\\?["'][ \t]{0,20},\s{0,200}\\?["']|[ \t]{0,20}\\\r?\n[ \t]{0,200}|=|[ \t]{1,20}|\r?\n[ \t]{0,200})/g;

export function secretsByKey(text: string, format: TextFormat): FoundByKey[] {
  const found: FoundByKey[] = [];
  const budget = { left: 4 * text.length };
  let covered = 0;
  const take = (values: FoundByKey[]) => {
    found.push(...values);
    if (values.length === 1) covered = values[0]!.end;
  };
  for (const match of text.matchAll(assignment)) {
    const [whole, , key = '', space = '', sign = ''] = match;
    if (match.index < covered || !isSecretKey(key)) continue;
    if (sign === ':' && format !== 'yaml' && format !== 'json' && format !== 'text') continue;
    if (sign !== ':' && format === 'shell' && space !== '') continue;
    take(valueAt(text, match.index + whole.length, key, sign === ':' ? format : signFormat(format), budget));
  }
  covered = 0;
  for (const match of text.matchAll(option)) {
    const [whole, name = '', separator = ''] = match;
    const key = secretOption(name);
    if (match.index < covered || key === null) continue;
    // A bare line break ends a shell command, unless the option stands alone on its line: in an array.
    if (/^\r?\n/.test(separator) && !/(^|\n)[ \t]*$/.test(text.slice(Math.max(0, match.index - 200), match.index)))
      continue;
    const start = match.index + whole.length;
    if (text.startsWith('--', start)) continue;
    const opened = /\\?["']$/.exec(separator)?.[0] ?? '';
    take(valueAt(text, start - opened.length, key, 'shell', budget));
  }
  return found;
}

/** YAML and JSON know `=` only inside their strings, where it is an assignment as in a shell. */
function signFormat(format: TextFormat): TextFormat {
  return format === 'toml' ? 'toml' : 'shell';
}

/** Letters that may still be searched for the ends of lists, so that many that never end stay linear together. */
interface Budget {
  left: number;
}

function valueAt(text: string, from: number, key: string, format: TextFormat, budget: Budget): FoundByKey[] {
  const gap = /[ \t]{0,200}/y;
  const space = format === 'json' ? /\s{0,1000}/y : gap;
  const start = format === 'shell' ? from : from + skip(space, text, from);
  const opening = format === 'toml' || format === 'yaml' ? /"""|'''|["']/y : /\\?["']/y;
  opening.lastIndex = start;
  const quote = opening.exec(text)?.[0];
  if (quote !== undefined) return quoted(text, start, key, quote, format);
  if ((format === 'toml' || format === 'yaml' || format === 'json') && (text[start] === '[' || text[start] === '{')) {
    return list(text, start, key, format, budget);
  }
  if (format === 'yaml') {
    const block = blockScalar(text, start, key);
    if (block !== null) return block;
  }
  return bare(text, start, key, format);
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** The longest value that is searched for its end: 64 KiB. What does not end is taken to the end of its line. */
const longest = 65_536;

function quoted(text: string, start: number, key: string, quote: string, format: TextFormat): FoundByKey[] {
  const begin = start + quote.length;
  const limit = Math.min(text.length, begin + longest);
  let end = begin;
  const escapes = quote.endsWith('"') && !quote.startsWith('\\');
  while (end < limit && !text.startsWith(quote, end)) end += escapes && text[end] === '\\' ? 2 : 1;
  if (!text.startsWith(quote, end)) end = endOfLine(text, begin);
  const raw = text.slice(begin, end);
  if (raw.trim() === '' || isReference(raw, format)) return [];
  return [{ key, start: begin, end, value: unescaped(raw, quote), quote: '' }];
}

function unescaped(raw: string, quote: string): string {
  if (quote !== '"' || !raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

/** Every string of a list or table that is a secret key's value. */
function list(text: string, start: number, key: string, format: TextFormat, budget: Budget): FoundByKey[] {
  const found: FoundByKey[] = [];
  const limit = Math.min(text.length, start + longest, start + budget.left);
  let depth = 0;
  for (let at = start; at < limit; at++) {
    budget.left--;
    const letter = text[at]!;
    if (letter === '[' || letter === '{') depth++;
    if (letter === ']' || letter === '}') depth--;
    if (depth === 0) break;
    if (letter !== '"' && letter !== "'") continue;
    const [value] = quoted(text, at, key, letter, format);
    const end = value?.end ?? text.indexOf(letter, at + 1);
    if (end < 0) break;
    const name = skip(/["'][ \t]*:/y, text, end) > 0;
    if (value !== undefined && !name) found.push(value);
    at = end;
  }
  return found;
}

/** YAML's `|` and `>`: the lines below that stand further in than the key. */
function blockScalar(text: string, start: number, key: string): FoundByKey[] | null {
  const header = skip(/[|>][-+0-9]{0,3}[ \t]{0,200}(#[^\r\n]{0,1000})?\r?\n/y, text, start);
  if (header === 0) return null;
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const indent = skip(/[ ]{0,400}(- +)?/y, text, lineStart);
  let end = start + header;
  while (end < text.length && end - start < longest) {
    const next = endOfLine(text, end);
    const line = text.slice(end, next);
    if (line.trim() !== '' && /^ */.exec(line)![0].length <= indent) break;
    end = Math.min(text.length, next + 1);
  }
  const value = text.slice(start + header, end).trim();
  return value === '' ? [] : [{ key, start, end, value, quote: '"' }];
}

function bare(text: string, start: number, key: string, format: TextFormat): FoundByKey[] {
  let end = start + skip(endOfBare(text, start, format), text, start);
  while (end > start && /[ \t]/.test(text[end - 1]!)) end--;
  const value = text.slice(start, end);
  if (
    value === '' ||
    isReference(text.slice(start, end + 1), format) ||
    /^(true|false|null|none|~|yes|no|on|off|-|\\|[*&!|>].*)$/i.test(value)
  )
    return [];
  const quote = format === 'shell' || format === 'text' ? (insideQuotes(text, start) ? '' : "'") : '"';
  return [{ key, start, end, value, quote }];
}

function endOfBare(text: string, start: number, format: TextFormat): RegExp {
  if (format === 'shell' || format === 'text') return /(?:\\[^\r\n]|[^\s"'`\\;&|()<>])*/y;
  if (format === 'json' || format === 'toml') return /[^\s,}\]"'#]*/y;
  const line = text.slice(Math.max(text.lastIndexOf('\n', start) + 1, start - 400), start);
  return /[{[]/.test(line) ? /[^\r\n,}\]]*/y : /(?:[^\r\n#]|(?<![ \t])#)*/y;
}

/** Whether an odd number of double or single quotes stands before it on its line: quotes of its own would end those. */
function insideQuotes(text: string, at: number): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - 4000), at);
  const quotes = line.match(/["']/g) ?? [];
  let open = '';
  for (const quote of quotes) {
    if (open === '') open = quote;
    else if (open === quote) open = '';
  }
  return open !== '';
}

/** `$NAME`, `${NAME}`, `$(…)`: read when the script runs; the secret is elsewhere. Data files know only `${NAME}`. */
function isReference(value: string, format: TextFormat): boolean {
  if (format !== 'shell' && format !== 'text') return /^\$\{[\w ]+\}\W?$/.test(value);
  return /^\\?\$(\w+\W?$|\{\w+\}\W?$|\(|\{\{)|^\\?`/.test(value);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' && end > from ? end - 1 : end;
}
