import type { RunId } from '../../model/run-id.ts';
import {
  cleanPassage,
  type FoundRun,
  holdsTerms,
  mark,
  mostShown,
  type PassagesOf,
  type WordQuery,
  wordsOf,
} from './passages.ts';

/** Searches the texts of some runs one by one; null where one of a run holds no such words. */
export async function searchRun(
  id: RunId,
  name: string,
  passagesOf: PassagesOf,
  query: WordQuery,
): Promise<FoundRun | null> {
  const found: FoundRun = { id, name, count: 0, passages: [] };
  for (const { read } of await passagesOf(id)) {
    for (const passage of (await read()).map(cleanPassage)) {
      if (query.places.length > 0 && !query.places.includes(passage.place)) continue;
      if (!holdsTerms(passage.text, query.terms)) continue;
      found.count++;
      if (found.passages.length < mostShown)
        found.passages.push({ ...passage, excerpt: excerptOf(passage.text, query) });
    }
  }
  return found.count > 0 ? found : null;
}

/** Some text around the first of the words. */
function excerptOf(text: string, { terms }: WordQuery): string {
  const wanted = new Set(terms.flatMap(({ words }) => words));
  const tokens = [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)];
  const hit = tokens.find(([token]) => [...wanted].some((word) => wordsOf(token)[0]?.startsWith(word)));
  if (hit === undefined) return text.slice(0, 160);
  const from = Math.max(0, hit.index - 60);
  const end = hit.index + hit[0].length;
  const before = `${from > 0 ? '…' : ''}${text.slice(from, hit.index)}`;
  return `${before}${mark.begin}${hit[0]}${mark.end}${text.slice(end, end + 100)}${end + 100 < text.length ? '…' : ''}`;
}
