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
  const begin = query.slice(0, cursor).search(/(?:[^\s"]|"[^"]*"?)*$/);
  const word = query.slice(begin, cursor);
  const negation = word.startsWith('-') ? '-' : '';
  const [, field, operator = '', values = ''] = /^-?([\w.]+)(:|[<>!=]=?)(.*)$/s.exec(word) ?? [];
  const rest = query.slice(cursor);
  const taken = (label: string, isWhole: boolean): Completion => {
    const space = isWhole && !rest.startsWith(' ') ? ' ' : '';
    return {
      label,
      query: query.slice(0, begin) + negation + label + space + rest,
      cursor: begin + negation.length + label.length + space.length,
    };
  };
  if (field === undefined) {
    const typed = word.slice(negation.length);
    // A name that is there in full may be compared in several ways.
    const compared = comparisonsOf(typed, vocabulary);
    return [
      ...compared,
      ...matching(typed, [...vocabulary.fields.map((each) => `${each}:`), ...settingsOf(vocabulary)]),
    ]
      .filter((label, index, all) => all.indexOf(label) === index)
      .slice(0, most)
      .map((label) => taken(label, false));
  }
  // Behind a comma comes another value.
  const before = values.slice(0, values.lastIndexOf(',') + 1);
  const typed = values.slice(before.length).replace(/^"/, '');
  return matching(typed, valuesOf(field, operator, vocabulary)).map((each) =>
    taken(`${field}${operator}${before}${quoted(each)}`, true),
  );
}

const settingsOf = ({ settings, fields }: Vocabulary) =>
  settings.filter((each) => !fields.includes(each)).map((each) => `${each}=`);

function comparisonsOf(typed: string, { fields, numbers, settings }: Vocabulary): string[] {
  if (!numbers.includes(typed) && !settings.includes(typed)) return [];
  return [...(fields.includes(typed) ? [':'] : []), '=', '>', '<', '!='].map((operator) => typed + operator);
}

/** What moments are asked for by. */
const moments = ['1d', '7d', '30d', 'today', 'yesterday'];

function valuesOf(field: string, operator: string, vocabulary: Vocabulary): string[] {
  const lists: Record<string, string[]> = {
    tag: vocabulary.tags,
    family: vocabulary.families,
    model: vocabulary.models,
    dataset: vocabulary.datasets,
    trainer: vocabulary.trainers,
    host: vocabulary.hosts,
    since: moments,
    before: moments,
  };
  const found = vocabulary.choices[field] ?? lists[field] ?? vocabulary.values[field] ?? [];
  return /^[<>]/.test(operator) ? found.filter((each) => Number.isFinite(Number(each))) : found;
}

/** Those that begin so first, then those that hold it; nothing that is typed already in full. */
export function matching(typed: string, words: readonly string[]): string[] {
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

const quoted = (text: string) => (/[\s",]/.test(text) ? `"${text.replaceAll('"', '')}"` : text);
