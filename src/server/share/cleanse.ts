/** What a site says of who made it: homes become `~`, names of machines and accounts go, and so does what is left out. */
import { addressKeys, eventFile, homes, type Identity, isMark, isNaming, publishedAddress } from './identity.ts';
import type { LeftOut } from './left-out-texts.ts';
import { type Phrase, phraseReplacer } from './phrases.ts';

export interface Cleansing {
  identity: Identity;
  leftOut: LeftOut;
  /** Names of runs and families, keys of settings: the site is held together by them, and they stay as they are. */
  kept: readonly string[];
}

export interface Cleanser {
  /** A text within a document. */
  text(text: string): string;
  /** A text by lines: a log, a file. */
  lines(text: string): string;
  /** What is no text of anybody's: a key of a document. */
  key(key: string): string;
}

/** Stands where something was left out. */
export const leftOutMark = '[left out]';

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** No word of a language: found, it is the machine. */
const isDistinct = (name: string) => name.length >= 5 && /[\d.-]/.test(name);

const credentials = /\b([a-z][a-z+]{1,9}:\/\/)[^\s/@"'<>]{1,500}@/gi;
const device = /\b(GPU|MIG)-[0-9a-f]{8}(?:-[0-9a-f]{4,12}){0,4}\b/gi;
const hardwareAddress = /(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi;

export function cleanser({ identity, leftOut, kept }: Cleansing): Cleanser {
  const { userHome, hosts, users, marks, addresses } = identity;
  const phrases = phraseReplacer([
    ...kept.map((text): Phrase => ({ text, by: null })),
    ...leftOut.phrases.map((text) => ({ text, by: leftOutMark })),
    ...[...addresses, ...marks].map((text) => ({ text, by: leftOutMark })),
    ...[...hosts].filter(isDistinct).map((text) => ({ text, by: 'host' })),
  ]);
  const home = userHome.length > 1 ? new RegExp(`${escaped(userHome)}(?![\\w.-])`, 'g') : null;
  const address = anyOf(hosts, (host) => `(?<=\\w@)${host}(?![\\w-])`);
  // As a part of a path, of an address or of a branch: elsewhere it may be a word.
  const user = anyOf(
    [...users].filter((name) => !kept.includes(name)),
    (name) => `(?<=^|[\\\\/\\s"'=:,(])${name}(?=[\\\\/@])|(?<=[\\\\/])${name}(?=$|[\\s"',;:)])`,
  );
  const key = (text: string) => {
    let clean = text;
    if (home) clean = clean.replace(home, '~');
    clean = clean.replace(homes, '~');
    return user ? clean.replace(user, 'user') : clean;
  };
  const text = (whole: string) => {
    const clean = key(phrases(whole).replace(credentials, '$1'))
      // The process goes too, the number that tells two files of it apart stays.
      .replace(
        eventFile,
        (_, when, _where, numbers: string, v2 = '') => `${when}host${numbers.replace(/^\.\d+(?=\.)/, '')}${v2}`,
      )
      .replace(device, '$1')
      .replace(hardwareAddress, leftOutMark);
    return address ? clean.replace(address, 'host') : clean;
  };
  return { text, key, lines: (whole) => text(withoutWords(whole, new Set(leftOut.words))) };
}

function anyOf(names: Iterable<string>, pattern: (name: string) => string): RegExp | null {
  const all = [...names].sort((a, b) => b.length - a.length).map((name) => pattern(escaped(name)));
  return all.length === 0 ? null : new RegExp(all.join('|'), 'g');
}

/** Colours, which a log has around its words. */
const colour = String.raw`(?:\u001b\[[\d;]{0,20}m)*`;
/** A line that is one word, or one behind `prompt:`. */
const alone = new RegExp(
  String.raw`^(${colour}[ \t]*(?:[\w \t.-]{0,80}(?:prompt|caption)s?["']?[ \t]*[:=][ \t]*)?${colour}["']?)([^\s"'\u001b]{1,200})(["']?,?${colour}[ \t]*\r?)$`,
  'gimu',
);

function withoutWords(text: string, words: ReadonlySet<string>): string {
  if (words.size === 0) return text;
  return text.replace(alone, (line, before, word, after) =>
    words.has(word) ? `${before}${leftOutMark}${after}` : line,
  );
}

/** Keys of what Spoor itself says in its own words, in which no text of a prompt can stand. */
const ours = new Set(['id', 'type', 'kind', 'role', 'code', 'status', 'area', 'trainer', 'mode', 'at', 'key', 'event']);

/** A document with every text of it cleansed; its keys stay, but for what is a path. */
export function cleansed(value: unknown, clean: Cleanser, byLines = false): unknown {
  const walk = (each: unknown, name: string): unknown => {
    if (typeof each === 'string') return cleanText(each, name);
    if (Array.isArray(each)) return each.map((item) => walk(item, name)).filter((item) => item !== dropped);
    if (typeof each !== 'object' || each === null) return isMark(name) ? null : each;
    const entries = Object.entries(each);
    const made = Object.fromEntries(entries.map(([key, item]) => [clean.key(key), walk(item, key)]));
    // A remote, of which nothing is left but its name.
    return name === 'remotes' && made.url === null ? dropped : made;
  };
  const cleanText = (text: string, name: string): string | null => {
    if (isNaming(name)) return '';
    if (isMark(name)) return null;
    if (addressKeys.has(name) && /[:/]/.test(text)) return publishedAddress(text);
    if (ours.has(name)) return clean.key(text);
    return byLines ? clean.lines(text) : clean.text(text);
  };
  return walk(value, '');
}

const dropped = Symbol('dropped');
