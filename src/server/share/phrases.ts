/** Finds many texts in others at once. */

export interface Phrase {
  text: string;
  /** What stands for it; null where it is kept, whatever shorter one is a part of it. */
  by: string | null;
}

/** Beginnings by which phrases are found; a shorter one is never found. */
const beginning = 3;
const letter = /[\p{L}\p{N}]/u;
/** Of scripts that have no spaces between words. */
const joined = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/** @returns what replaces phrases where they stand as whole words; the first of equal ones and the longest counts */
export function phraseReplacer(phrases: readonly Phrase[]): (text: string) => string {
  const byBeginning = new Map<string, Phrase[]>();
  const seen = new Set<string>();
  for (const phrase of phrases) {
    if (phrase.text.length < beginning || seen.has(phrase.text)) continue;
    seen.add(phrase.text);
    const key = phrase.text.slice(0, beginning);
    byBeginning.set(key, [...(byBeginning.get(key) ?? []), phrase]);
  }
  for (const list of byBeginning.values()) list.sort((a, b) => b.text.length - a.text.length);
  if (seen.size === 0) return (text) => text;
  return (text) => {
    let made = '';
    let from = 0;
    for (let at = 0; at + beginning <= text.length; at++) {
      const found = byBeginning
        .get(text.slice(at, at + beginning))
        ?.find((each) => text.startsWith(each.text, at) && isWhole(text, at, each.text));
      if (!found) continue;
      made += text.slice(from, at) + (found.by ?? found.text);
      at += found.text.length - 1;
      from = at + 1;
    }
    return made + text.slice(from);
  };
}

/** Not a part of a longer word. */
function isWhole(text: string, at: number, phrase: string): boolean {
  return !goesOn(text[at - 1], phrase[0]) && !goesOn(phrase.at(-1), text[at + phrase.length]);
}

function goesOn(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return [before, after].every((each) => letter.test(each) && !joined.test(each));
}
