/** What differs between two captions: tags where they are tags, words where they are sentences. */

/** More words than this between two commas are a sentence, not a tag. */
const mostWordsOfTag = 4;

/** A caption as its trainer reads it. */
export interface CaptionRule {
  /** Between tags: sd-scripts' `caption_separator`. */
  separator: string;
  /** sd-scripts reads the first line alone, unless `enable_wildcard` is set. */
  firstLineOnly: boolean;
}

/** The text that counts: without the space around it and, by sd-scripts' rule, the further lines. */
export function captionText(caption: string, { firstLineOnly }: CaptionRule): string {
  const text = caption.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  return (firstLineOnly ? (text.split('\n', 1)[0] ?? '') : text).trim();
}

/** Tags and words, in their order. */
export function termsOf(text: string, separator: string): string[] {
  const isProse = /[.!?](?:\s|$)/.test(text);
  return text.split(separator === '' ? ',' : separator).flatMap((part) => {
    const words = part.trim().split(/\s+/).filter(Boolean);
    if (!isProse && words.length <= mostWordsOfTag) return words.length === 0 ? [] : [words.join(' ')];
    return words.map((word) => word.replace(/^[("'“]+|[.,;:!?)"'”]+$/gu, '')).filter(Boolean);
  });
}

export interface TermChange {
  added: string[];
  removed: string[];
}

/** Terms that came and went, each as often as it did. */
export function compareTerms(before: readonly string[], after: readonly string[]): TermChange {
  const left = countsOf(before);
  const right = countsOf(after);
  const more = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) =>
    [...a].flatMap(([term, count]) => Array<string>(Math.max(0, count - (b.get(term) ?? 0))).fill(term));
  return { added: more(right, left), removed: more(left, right) };
}

/** `+sitting −solo`. Where the same stands in another order or spacing, that is said. */
export function termText({ added, removed }: TermChange, isReordered: boolean): string {
  const terms = [...added.map((term) => `+${term}`), ...removed.map((term) => `−${term}`)];
  if (terms.length === 0) return isReordered ? 'another order' : 'other spacing or punctuation';
  return terms.join(' ');
}

export function countsOf(terms: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
