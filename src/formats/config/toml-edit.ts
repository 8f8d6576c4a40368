/**
 * Sets, adds and takes out single settings of a TOML file that somebody wrote by hand. All else stays byte for byte:
 * comments, order, blanks, quotes and line ends. What comes out is read again and compared with what is wanted, so that
 * an edit is right or is not made.
 */
import { isDeepStrictEqual } from 'node:util';
import { parse, type TomlTable, type TomlValue } from 'smol-toml';
import type { ConfigValue } from '../../model/facts.ts';
import { type TomlEntry, type TomlStatement, tomlStatements } from './toml-lines.ts';

/** From the root: `['keep', 'checkpoints']`. */
type Keys = readonly string[];

/**
 * Sets a value in the place where it stands, else where a person would add it.
 * @param text valid TOML
 * @returns null where no edit known here gives just that: the key names a table, or leads through what is none
 */
export function setInToml(text: string, keys: Keys, value: ConfigValue): string | null {
  const written = tomlText(value);
  const outline = outlineOf(text);
  const wanted = withValue(read(text), keys, read(`value = ${written}`).value);
  if (wanted === null) return null;
  for (const place of placesFor(outline, keys, written)) {
    const edited = spliced(text, place);
    if (reads(edited, wanted)) return edited;
  }
  return null;
}

/**
 * Takes out a value, or a table with all that is in it. A comment behind a value stays on a line of its own, one inside
 * a table goes with it.
 * @param text valid TOML
 * @returns null where no edit known here gives just that
 */
export function removeFromToml(text: string, keys: Keys): string | null {
  const outline = outlineOf(text);
  const wanted = withValue(read(text), keys, undefined);
  if (wanted === null) return null;
  const edited = removals(outline, keys)
    .sort((a, b) => b.start - a.start)
    .reduce(spliced, text);
  return reads(edited, wanted) ? edited : null;
}

/** As TOML has it, on one line. */
export function tomlText(value: ConfigValue): string {
  if (Array.isArray(value)) return `[${value.map(tomlText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${tomlKey(key)} = ${tomlText(each)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  // JSON's strings are TOML's too, but for one control character.
  return JSON.stringify(value).replaceAll('\u007f', '\\u007F');
}

const tomlKey = (key: string) => (/^[\w-]+$/.test(key) ? key : tomlText(key));
const dotted = (keys: Keys) => keys.map(tomlKey).join('.');

interface Outline {
  text: string;
  newline: string;
  statements: TomlStatement[];
}

interface Splice {
  start: number;
  end: number;
  by: string;
}

function outlineOf(text: string): Outline {
  return { text, newline: /\r?\n/.exec(text)?.[0] ?? '\n', statements: tomlStatements(text) };
}

const spliced = (text: string, { start, end, by }: Splice) => text.slice(0, start) + by + text.slice(end);
const isWithin = (keys: Keys, table: Keys) => table.every((key, at) => keys[at] === key);
const isSame = (one: Keys, other: Keys) => one.length === other.length && isWithin(one, other);

/** Where a value could be put, the best place first. */
function* placesFor(outline: Outline, keys: Keys, written: string): Generator<Splice> {
  const { statements } = outline;
  const entries = statements.flatMap(({ value }) => (value ? allEntries(value) : []));
  const there = entries.find((each) => isSame(each.keys, keys));
  if (there) yield { start: there.valueStart, end: there.end, by: written };
  const parent = keys.slice(0, -1);
  const line = (below: Keys) => `${dotted(keys.slice(below.length))} = ${written}`;
  for (const each of entries)
    if (each.inline && isSame(each.keys, parent)) yield intoInline(outline, each, line(parent));
  const above = tablesOf(statements);
  const beside = statements.findLast(
    (each) => each.value && isWithin(each.keys, parent) && isWithin(parent, above.get(each) ?? []),
  );
  if (beside) yield lineBehind(outline, beside, line(above.get(beside) ?? []));
  const header = statements.findLast(({ keys: own, value }) => value === null && isSame(own, parent));
  if (header) yield lineBehind(outline, header, line(parent));
  const outer = statements.findLast(({ keys: own, value }) => value === null && isSame(own, parent.slice(0, -1)));
  if (outer && parent.length > 2) yield lineBehind(outline, lastOf(statements, outer), line(outer.keys));
  yield section(outline, parent, line(parent));
}

function allEntries(entry: TomlEntry): TomlEntry[] {
  return [entry, ...(entry.inline ?? []).flatMap(allEntries)];
}

/** Of each entry the keys of the header above it. */
function tablesOf(statements: readonly TomlStatement[]): Map<TomlStatement, Keys> {
  const result = new Map<TomlStatement, Keys>();
  let table: Keys = [];
  for (const each of statements) {
    if (each.value === null) table = each.keys;
    result.set(each, table);
  }
  return result;
}

/** The last entry below a header, or the header itself. */
function lastOf(statements: readonly TomlStatement[], header: TomlStatement): TomlStatement {
  const at = statements.indexOf(header);
  const next = statements.findIndex(({ value }, index) => index > at && value === null);
  return statements[next < 0 ? statements.length - 1 : next - 1] ?? header;
}

function intoInline({ text }: Outline, { valueStart, end, inline }: TomlEntry, line: string): Splice {
  const last = inline?.at(-1);
  return last
    ? { start: last.end, end: last.end, by: `, ${line}` }
    : { start: valueStart, end: end, by: text[valueStart] === '{' ? `{ ${line} }` : line };
}

function lineBehind({ text, newline }: Outline, { start, end }: TomlStatement, line: string): Splice {
  const at = endOfLine(text, end);
  const indent = /^[ \t]*/.exec(text.slice(startOfLine(text, start)))?.[0] ?? '';
  return text[at - 1] === '\n'
    ? { start: at, end: at, by: indent + line + newline }
    : { start: at, end: at, by: newline + indent + line };
}

/** A section of its own: behind the last one of its kind, else at the end. */
function section({ text, newline, statements }: Outline, table: Keys, line: string): Splice {
  const last = statements.findLast(({ keys }) => keys[0] === table[0]);
  const at = last ? endOfLine(text, last.end) : text.length;
  const before = text.slice(0, at);
  const blank = before.trim() === '' ? '' : before.endsWith('\n') ? newline : newline + newline;
  const after = text.slice(at).trim() === '' || /^\s*\n/.test(text.slice(at)) ? '' : newline;
  return { start: at, end: at, by: `${blank}[${dotted(table)}]${newline}${line}${newline}${after}` };
}

function removals(outline: Outline, keys: Keys): Splice[] {
  const { text, statements } = outline;
  const found: Splice[] = [];
  let until = -1;
  for (const statement of statements) {
    if (statement.start < until) continue;
    if (statement.value === null) {
      if (!isWithin(statement.keys, keys)) continue;
      until = endOfLine(text, lastOf(statements, statement).end);
      found.push({ start: startOfLine(text, statement.start), end: until, by: '' });
    } else if (isWithin(statement.keys, keys)) found.push(withoutLine(outline, statement));
    else found.push(...removalsInline(statement.value, keys));
  }
  return joined(found).map((each) => withoutGap(text, each));
}

/** Of what is taken out one behind the other, all at once. */
function joined(splices: readonly Splice[]): Splice[] {
  const result: Splice[] = [];
  for (const each of splices) {
    const last = result.at(-1);
    if (last && last.end === each.start && last.by + each.by === '') last.end = each.end;
    else result.push({ ...each });
  }
  return result;
}

function withoutLine({ text, newline }: Outline, { start, end }: TomlStatement): Splice {
  const from = startOfLine(text, start);
  const until = endOfLine(text, end);
  const comment = text.slice(end, until).trim();
  const indent = text.slice(from, start);
  return {
    start: from,
    end: until,
    by: comment === '' ? '' : indent + comment + (text[until - 1] === '\n' ? newline : ''),
  };
}

function removalsInline({ inline }: TomlEntry, keys: Keys): Splice[] {
  return (inline ?? []).flatMap((entry, at, all): Splice[] => {
    if (!isWithin(entry.keys, keys)) return removalsInline(entry, keys);
    const [before, after] = [all[at - 1], all[at + 1]];
    if (after) return [{ start: entry.start, end: after.start, by: '' }];
    return [{ start: before?.end ?? entry.start, end: entry.end, by: '' }];
  });
}

/** Of two blank lines that would meet one goes too. */
function withoutGap(text: string, splice: Splice): Splice {
  if (splice.by !== '' || text[splice.end - 1] !== '\n') return splice;
  const above = /(?:^|\n)(\r?\n)$/.exec(text.slice(0, splice.start))?.[1];
  const below = /^(?:\r?\n|$)/.test(text.slice(splice.end));
  return above !== undefined && below ? { ...splice, start: splice.start - above.length } : splice;
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Behind its line break, if it has one. */
function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

const read = (text: string) => parse(text, { integersAsBigInt: 'asNeeded' });

/** The same with one value set, or taken out. @returns null where the way there leads through a value */
function withValue(table: TomlTable, [key = '', ...rest]: Keys, value: TomlValue | undefined): TomlTable | null {
  const own = Object.hasOwn(table, key) ? table[key] : undefined;
  const result = Object.assign(Object.create(null), table) as TomlTable;
  if (rest.length > 0) {
    if (own !== undefined && !isTable(own)) return null;
    const inner = withValue(own ?? {}, rest, value);
    if (inner === null) return null;
    result[key] = inner;
  } else if (value === undefined) delete result[key];
  else if (isTable(own) && !isTable(value)) return null;
  else result[key] = value;
  return result;
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Whether a text is TOML that says just that; an empty table says nothing. */
function reads(text: string, wanted: TomlTable): boolean {
  try {
    return isDeepStrictEqual(plain(read(text)), plain(wanted));
  } catch {
    return false;
  }
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isTable(value)) return value;
  const entries = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    const its = plain(each);
    return its instanceof Map && its.size === 0 ? [] : [[key, its]];
  });
  return new Map(entries);
}
