/** Completion of the query language: what may stand where the cursor is. */
import type { Answer } from '../../../../src/api/index.ts';

type Vocabulary = Answer<'vocabulary'>;

export interface Completion {
  /** Shown in the list. */
  label: string;
  /** The whole query with it taken. */
  query: string;
  /** Where the cursor goes then. */
  cursor: number;
}

const most = 8;

/** @param cursor place in the query, in UTF-16 units */
export function completions(query: string, cursor: number, vocabulary: Vocabulary): Completion[] {
  const begin = query.slice(0, cursor).search(/\S*$/);
  const word = query.slice(begin, cursor);
  const negation = word.startsWith('-') ? '-' : '';
  const [, field, operator, typed = ''] = /^-?([\w.]+)(:|[<>!=]=?)(.*)$/.exec(word) ?? [];
  const found =
    field === undefined
      ? matching(word.slice(negation.length), [
          ...vocabulary.fields.map((each) => `${each}:`),
          ...vocabulary.settings.map((each) => `${each}=`),
        ])
      : matching(typed.replace(/^"/, ''), valuesOf(field, vocabulary)).map(
          (each) => `${field}${operator}${quoted(each)}`,
        );
  return found.map((label) => {
    const taken = `${negation}${label}`;
    const isWhole = field !== undefined;
    const rest = query.slice(cursor);
    const space = isWhole && !rest.startsWith(' ') ? ' ' : '';
    return {
      label,
      query: query.slice(0, begin) + taken + space + rest,
      cursor: begin + taken.length + space.length,
    };
  });
}

function valuesOf(field: string, vocabulary: Vocabulary): string[] {
  const lists: Record<string, string[]> = {
    tag: vocabulary.tags,
    family: vocabulary.families,
    model: vocabulary.models,
    dataset: vocabulary.datasets,
    trainer: vocabulary.trainers,
    host: vocabulary.hosts,
  };
  return vocabulary.choices[field] ?? lists[field] ?? [];
}

/** Those that begin so first, then those that hold it; nothing that is typed already in full. */
function matching(typed: string, words: readonly string[]): string[] {
  const wanted = typed.toLowerCase();
  const begins: string[] = [];
  const holds: string[] = [];
  for (const word of words) {
    const at = word.toLowerCase().indexOf(wanted);
    if (at === 0 && word.length > typed.length) begins.push(word);
    else if (at > 0) holds.push(word);
    if (begins.length >= most) break;
  }
  return [...begins, ...holds].slice(0, most);
}

const quoted = (text: string) => (/[\s"]/.test(text) ? `"${text.replaceAll('"', '')}"` : text);
