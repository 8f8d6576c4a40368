/** Where each key of a TOML document stands, and what in it Python's `toml` would refuse. */
import { endOfString } from '../end-of-string.ts';
import { keyPath, type Places } from './places.ts';

/**
 * Walks a document that has already been parsed, so that only the outline matters here.
 *
 * Trainers read TOML with the Python package `toml` 0.10, which is older than TOML 1.0: it refuses
 * arrays of mixed types, hexadecimal, octal and binary integers, times without seconds, line breaks
 * and trailing commas in inline tables, and the escapes `\e` and `\x`.
 *
 * @param text valid TOML, nested at most as deep as the parser allows
 */
export function tomlPlaces(text: string): Places {
  return new Outline(text).read();
}

/** Where each value that is no table stands, by its key's path: offsets of its first character and behind its last. */
export function tomlValues(text: string): Map<string, { start: number; end: number }> {
  const outline = new Outline(text);
  outline.read();
  return outline.values;
}

/** `[a.b]`, `[[a.b]]` (whose last key has its index: `b[0]`), or `b = 1`. */
export interface TomlStatement {
  /** From the root. */
  keys: string[];
  /** Of its first character, and behind its last; a comment behind it is none of it. */
  start: number;
  end: number;
  /** Of what is no header. */
  value: TomlEntry | null;
}

/** A key with its value, in a table or in one of a single line. */
export interface TomlEntry {
  keys: string[];
  start: number;
  valueStart: number;
  end: number;
  /** Of a value `{ … }` what stands in it. */
  inline: TomlEntry[] | null;
}

/** All headers and entries of valid TOML, in their order. */
export function tomlStatements(text: string): TomlStatement[] {
  const outline = new Outline(text);
  outline.read();
  return outline.statements;
}

type Kind = 'string' | 'array' | 'table' | 'boolean' | 'date' | 'float' | 'integer';

interface Table {
  path: string;
  keys: string[];
}

class Outline {
  readonly values = new Map<string, { start: number; end: number }>();
  readonly statements: TomlStatement[] = [];
  readonly #text: string;
  readonly #lines = new Map<string, number>();
  readonly #tables = new Map<string, number>();
  #refused: string | null = null;
  #at = 0;
  /** The line last asked for, and where it ends. */
  #line = 1;
  #lineEnd: number;

  constructor(text: string) {
    this.#text = text;
    this.#lineEnd = this.#nextBreak(0);
  }

  read(): Places {
    let table: Table = { path: '', keys: [] };
    for (this.#skipVoid(); this.#at < this.#text.length; this.#skipVoid()) {
      const start = this.#at;
      if (this.#text[start] === '[') {
        table = this.#header();
        this.statements.push({ keys: table.keys, start, end: this.#at, value: null });
      } else {
        const value = this.#keyValue(table);
        this.statements.push({ keys: value.keys, start, end: value.end, value });
      }
    }
    return { lines: this.#lines, refused: this.#refused };
  }

  /** @returns what the keys beneath it start with */
  #header(): Table {
    const line = this.#lineAt(this.#at);
    const isArray = this.#text[++this.#at] === '[';
    if (isArray) this.#at++;
    const keys = this.#keys(']');
    this.#at += isArray ? 2 : 1;
    let path = '';
    const indexed = keys.map((key, index) => {
      path = keyPath(path, key);
      const count = this.#tables.get(path) ?? 0;
      const isNew = isArray && index === keys.length - 1;
      if (isNew) this.#tables.set(path, count + 1);
      const place = isNew ? `[${count}]` : count > 0 ? `[${count - 1}]` : '';
      path += place;
      return key + place;
    });
    this.#lines.set(path, line);
    return { path, keys: indexed };
  }

  #keyValue(table: Table): TomlEntry {
    const start = this.#at;
    const line = this.#lineAt(start);
    let path = table.path;
    const keys = this.#keys('=');
    for (const key of keys) path = keyPath(path, key);
    this.#lines.set(path, line);
    this.#at++;
    this.#skipSpace();
    const valueStart = this.#at;
    const entry: TomlEntry = { keys: [...table.keys, ...keys], start, valueStart, end: valueStart, inline: null };
    entry.end = this.#value(path, entry).end;
    return entry;
  }

  /** The parts of a dotted key; ends at `end`, which is not taken. */
  #keys(end: string): string[] {
    const keys: string[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== end) {
      const start = this.#at;
      const first = this.#text[start]!;
      if (first === '"' || first === "'") {
        this.#string(first);
        const inner = this.#text.slice(start + 1, this.#at - 1);
        keys.push(first === '"' ? unescaped(inner) : inner);
      } else if (first === '.' || first === ' ' || first === '\t') {
        this.#at++;
      } else {
        this.#at += Math.max(1, matchLength(/[^\s.=\]"']+/y, this.#text, start));
        keys.push(this.#text.slice(start, this.#at));
      }
    }
    return keys;
  }

  /** @param entry whose value it is; of what stands in an array there is none */
  #value(path: string, entry: TomlEntry | null = null): { kind: Kind; end: number } {
    const start = this.#at;
    const kind = this.#kindOfValue(path, entry);
    // What has no quotes may end in blanks, which are none of it.
    const end = start + this.#text.slice(start, this.#at).trimEnd().length;
    if (kind !== 'table') this.values.set(path, { start, end });
    return { kind, end };
  }

  #kindOfValue(path: string, entry: TomlEntry | null): Kind {
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") return this.#string(first);
    if (first === '[') return this.#array(path);
    if (first === '{') return this.#inlineTable(path, entry);
    return this.#bare();
  }

  #string(quote: '"' | "'"): Kind {
    const long = quote.repeat(3);
    const start = this.#at;
    const line = this.#lineAt(start);
    if (this.#text.startsWith(long, start)) {
      this.#at = endOfString(this.#text, start + 3, long, quote === '"');
      // Up to two quotes may stand right before the closing three.
      while (this.#text[this.#at] === quote && this.#at - start < this.#text.length) this.#at++;
    } else {
      this.#at = endOfString(this.#text, start + 1, quote, quote === '"');
    }
    if (quote === '"' && /(?<!\\)(?:\\\\)*\\[ex]/.test(this.#text.slice(start, this.#at))) {
      this.#refuse('an escape `\\e` or `\\x`', line);
    }
    return 'string';
  }

  #array(path: string): Kind {
    const start = this.#at++;
    const line = this.#lineAt(start);
    let kind: Kind | null = null;
    for (let index = 0; ; index++) {
      this.#skipVoid();
      if (this.#at >= this.#text.length || this.#text[this.#at] === ']') break;
      const { kind: found } = this.#value(`${path}[${index}]`);
      kind ??= found;
      if (kind !== found) this.#refuse('an array of mixed types', line);
      this.#skipVoid();
      if (this.#text[this.#at] === ',') this.#at++;
    }
    this.#at++;
    return 'array';
  }

  #inlineTable(path: string, entry: TomlEntry | null): Kind {
    const entries: TomlEntry[] = [];
    if (entry) entry.inline = entries;
    const start = this.#at++;
    const line = this.#lineAt(start);
    this.#lines.set(path, this.#lines.get(path) ?? line);
    let comma = false;
    for (;;) {
      const before = this.#at;
      this.#skipVoid();
      if (this.#text.slice(before, this.#at).includes('\n')) {
        this.#refuse('an inline table over several lines', line);
      }
      if (this.#at >= this.#text.length || this.#text[this.#at] === '}') break;
      comma = this.#text[this.#at] === ',';
      if (comma) this.#at++;
      else entries.push(this.#keyValue({ path, keys: entry?.keys ?? [] }));
    }
    if (comma) this.#refuse('a comma after the last entry of an inline table', line);
    this.#at++;
    return 'table';
  }

  #bare(): Kind {
    const start = this.#at;
    const line = this.#lineAt(start);
    this.#at += Math.max(1, matchLength(/[^,\]}#\r\n]+/y, this.#text, start));
    const word = this.#text.slice(start, this.#at).trim();
    if (word === 'true' || word === 'false') return 'boolean';
    if (/^\d{4}-\d\d-|^\d\d:/.test(word)) {
      if (/(^|[Tt ])\d\d:\d\d(?!:)([Zz+-]|$)/.test(word)) this.#refuse('a time without seconds', line);
      return 'date';
    }
    if (/^0[xob]/.test(word)) this.#refuse('an integer that is not decimal', line);
    else if (/[.eE]|inf|nan/.test(word)) return 'float';
    return 'integer';
  }

  #skipSpace(): void {
    this.#at += matchLength(/[ \t]+/y, this.#text, this.#at);
  }

  #skipVoid(): void {
    for (;;) {
      this.#at += matchLength(/[ \t\r\n]+/y, this.#text, this.#at);
      if (this.#text[this.#at] !== '#') return;
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#text.length : end;
    }
  }

  #refuse(what: string, line: number): void {
    this.#refused ??= `line ${line}: ${what}`;
  }

  /** 1-based line of a place that is not before the ones asked for earlier. */
  #lineAt(at: number): number {
    while (this.#lineEnd < at) {
      this.#line++;
      this.#lineEnd = this.#nextBreak(this.#lineEnd + 1);
    }
    return this.#line;
  }

  #nextBreak(from: number): number {
    const at = this.#text.indexOf('\n', from);
    return at < 0 ? this.#text.length : at;
  }
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function unescaped(inner: string): string {
  if (!inner.includes('\\')) return inner;
  const short: Record<string, string> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\u001b' };
  return inner.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/g, (_, x, u, long, one) => {
    const hex = x ?? u ?? long;
    return hex === undefined ? (short[one] ?? one) : String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff));
  });
}
