import type { RunId } from '../../model/run-id.ts';

/** Where words are found. */
export const places = ['note', 'reason', 'verdict', 'prompt', 'caption', 'argument', 'commit', 'diagnosis'] as const;
export type Place = (typeof places)[number];

export interface Passage {
  place: Place;
  /** What it is of: a file's name, a setting's key, a commit; empty where the place says all. */
  source: string;
  text: string;
}

/** Texts that several runs may share: what has been read of an owner once is not read again. */
export interface OwnedPassages {
  /** Its content never changes, but for the owner that is the run itself. */
  owner: string;
  read(): Promise<Passage[]>;
}

/** The texts of a run: of itself under its id, and of what it shares with others. */
export type PassagesOf = (id: RunId) => Promise<OwnedPassages[]>;

export interface WordQuery {
  terms: readonly Term[];
  /** Empty: all. */
  places: readonly Place[];
  /** At most so many runs. */
  limit: number;
}

/** Words that stand together. */
export interface Term {
  words: readonly string[];
  /** Whether the last of them is only a beginning. */
  begins: boolean;
}

export interface FoundRun {
  id: RunId;
  name: string;
  /** How many passages hold the words. */
  count: number;
  /** At most `mostShown` of them. */
  passages: (Passage & { excerpt: string })[];
}

export const mostShown = 5;
const longestPassage = 64 * 1024;

/** What stands around the words in an excerpt: control characters that no text of a passage has. */
export const mark = { begin: '\u0002', end: '\u0003' };

/** As SQLite's `unicode61` cuts text: letters and digits, in lower case, without diacritics. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return plain.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];
}

/** A term for each argument; null where none holds a word. */
export function parseTerms(words: readonly string[]): Term[] | null {
  const terms = words.map((each) => ({ words: wordsOf(each), begins: each.trim().endsWith('*') }));
  const said = terms.filter((each) => each.words.length > 0);
  return said.length === 0 ? null : said;
}

/** The term in FTS5's own language, where nothing of the user's is an operator. */
export function ftsQuery(terms: readonly Term[]): string {
  return terms.map(({ words, begins }) => `"${words.join(' ')}"${begins ? '*' : ''}`).join(' AND ');
}

/** Whether all terms stand in a text: what FTS5 answers, without a database. */
export function holdsTerms(text: string, terms: readonly Term[]): boolean {
  const words = wordsOf(text);
  return terms.every(({ words: wanted, begins }) =>
    words.some((_, at) =>
      wanted.every((word, i) => {
        const there = words[at + i];
        return there !== undefined && (begins && i === wanted.length - 1 ? there.startsWith(word) : there === word);
      }),
    ),
  );
}

/** A text without what marks stand for, of a bounded length. */
export function cleanPassage({ place, source, text }: Passage): Passage {
  const clean = (each: string, longest: number) =>
    each
      .slice(0, longest)
      .toWellFormed()
      .replace(/[\0\u0002\u0003]/g, '\uFFFD');
  return { place, source: clean(source, 1_000), text: clean(text, longestPassage) };
}
