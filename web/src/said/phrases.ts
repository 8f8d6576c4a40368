/** Says in another language what the core says in English: it knows the sentence, and the values in it stay. */

/** From an English sentence, `{1}` … for its values in their order, to the same in another language. */
export type Phrases = Readonly<Record<string, string>>;

/** Null where the sentence is not known. */
export type Say = (text: string) => string | null;

interface Phrase {
  /** What stands around the values. */
  parts: string[];
  /** How many letters are not values: the more, the surer it is meant. */
  weight: number;
  /** `{1!}` says the value in this language too, where it is a sentence itself. */
  said: string;
}

interface Said {
  text: string;
  weight: number;
}

/** Sentences within sentences are said so deep. */
const deepest = 4;
const longest = 4000;
const mostKept = 5000;

/** What a program wrote stays as it is, however it reads. */
const isException = (text: string) => /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)\b/.test(text);

export function sayIn(phrases: Phrases): Say {
  const whole = new Map<string, string>();
  const patterns: Phrase[] = [];
  for (const [english, said] of Object.entries(phrases)) {
    const parts = english.split(/\{\d+\}/);
    if (parts.length === 1) whole.set(english, said);
    else patterns.push({ parts, weight: parts.join('').length, said });
  }

  const find = (text: string, depth: number): Said | null => {
    if (text.length > longest || isException(text)) return null;
    const exact = whole.get(text);
    if (exact !== undefined) return { text: exact, weight: text.length };
    let best: Said | null = null;
    for (const phrase of patterns) {
      const values = valuesIn(text, phrase.parts);
      if (values === null) continue;
      const found = fill(phrase, values, depth);
      if (best === null || found.weight > best.weight) best = found;
    }
    return best;
  };

  const fill = ({ said, weight: own }: Phrase, values: readonly string[], depth: number): Said => {
    let weight = own;
    const text = said.replace(/\{(\d+)(!?)\}/g, (_, number: string, isSentence: string) => {
      const value = values[Number(number) - 1] ?? '';
      const inner = isSentence !== '' && depth < deepest ? find(value, depth + 1) : null;
      weight += inner?.weight ?? 0;
      return inner?.text ?? value;
    });
    return { text, weight };
  };

  const kept = new Map<string, string | null>();
  return (text) => {
    const before = kept.get(text);
    if (before !== undefined) return before;
    if (kept.size >= mostKept) kept.clear();
    const said = find(text, 0)?.text ?? null;
    kept.set(text, said);
    return said;
  };
}

/** What stands between the parts, each at its first place; null where they do not make up the text. Linear in the text. */
function valuesIn(text: string, parts: readonly string[]): string[] | null {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return null;
  const values: string[] = [];
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const next = text.indexOf(part, at + 1);
    if (next < 0) return null;
    values.push(text.slice(at, next));
    at = next + part.length;
  }
  const end = text.length - last.length;
  if (end <= at) return null;
  values.push(text.slice(at, end));
  return values;
}
