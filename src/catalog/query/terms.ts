import { SpoorError } from '../../model/errors.ts';

/** One word of a query: `-tag:bad`, `lr>1e-4`, `"two words"`. */
export interface Term {
  negated: boolean;
  /** What stands before the operator; null for plain text. */
  field: string | null;
  operator: ':' | '>' | '>=' | '<' | '<=' | '=' | '!=' | null;
  /** Alternatives, between commas. Quoted ones are taken literally. */
  values: { text: string; quoted: boolean }[];
  /** As written, for messages. */
  source: string;
}

const head = /^([A-Za-z_][\w.[\]-]*)(:|>=|<=|!=|>|<|=)/;

/** Splits a query into its terms. Errors: `usage` for a quote that is not closed or a value that is missing. */
export function splitTerms(query: string): Term[] {
  const terms: Term[] = [];
  let rest = query.trimStart();
  while (rest !== '') {
    const source = rest;
    const negated = /^-\S/.test(rest);
    if (negated) rest = rest.slice(1);
    const [whole, field = null, operator = null] = head.exec(rest) ?? [];
    if (whole !== undefined) rest = rest.slice(whole.length);
    const read = readValues(rest, field !== null, query);
    rest = read.rest.trimStart();
    const written = source.slice(0, source.length - read.rest.length);
    if (field !== null && read.values.some((value) => value.text === '' && !value.quoted)) {
      throw new SpoorError('usage', 'query', `"${written}" has no value`, `Write for example ${example(field)}`);
    }
    terms.push({ negated, field, operator: operator as Term['operator'], values: read.values, source: written });
  }
  return terms;
}

function example(field: string): string {
  return `${field}:VALUE, or quote the text to search for it: "${field}:"`;
}

function readValues(text: string, alternatives: boolean, query: string): { values: Term['values']; rest: string } {
  const values: Term['values'] = [];
  let value = { text: '', quoted: false };
  let at = 0;
  while (at < text.length && !/\s/.test(text[at] as string)) {
    const letter = text[at] as string;
    if (letter === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0) throw new SpoorError('usage', 'query', `a quote is not closed in ${query}`, 'Add the missing ".');
      value.text += text.slice(at + 1, end);
      value.quoted = true;
      at = end;
    } else if (letter === ',' && alternatives) {
      values.push(value);
      value = { text: '', quoted: false };
    } else {
      value.text += letter;
    }
    at++;
  }
  values.push(value);
  return { values, rest: text.slice(at) };
}
