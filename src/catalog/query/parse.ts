import { SpoorError } from '../../model/errors.ts';
import { nearest } from '../nearest.ts';
import { asciiLower, type Condition, type Operator } from './condition.ts';
import { choices, fieldNames, numberFields, settingAliases, textFields, timeFields } from './fields.ts';
import { splitTerms, type Term } from './terms.ts';
import { parseDuration, parseMoment } from './time.ts';

/**
 * Reads a query of `spoor ls`: terms that must all hold.
 *
 *     status:failed dataset:wolf tag:good,best -tag:bad lr>1e-4 since:7d verdict:none "two words"
 *
 * Errors: SpoorError `usage` that names the term and what may be written.
 * @param now what `since:7d` counts from
 */
export function parseQuery(query: string, now: Date): Condition {
  return { kind: 'all', conditions: splitTerms(query.toWellFormed().replaceAll('\0', '\uFFFD')).map(conditionOf) };

  function conditionOf(term: Term): Condition {
    const conditions = term.values.map((value) => one(term, value, now));
    const any = conditions.length === 1 ? (conditions[0] as Condition) : { kind: 'any' as const, conditions };
    return term.negated ? { kind: 'not', condition: any } : any;
  }
}

type Value = Term['values'][number];

function one(term: Term, value: Value, now: Date): Condition {
  const { field, operator } = term;
  if (field === null || operator === null) return { kind: 'words', text: value.text.toLowerCase() };
  const name = field.toLowerCase();
  if (name === 'tag' || Object.hasOwn(textFields, name)) return textual(term, name, value);
  if (timeFields.includes(name)) return timed(term, name, value, now);
  if (Object.hasOwn(numberFields, name)) return numeric(term, name, value);
  // Any setting of any trainer may be compared; a word before a colon is more likely a misspelling.
  if (operator === ':' && !Object.hasOwn(settingAliases, name)) throw unknownField(term, field);
  return setting(term, Object.hasOwn(settingAliases, name) ? (settingAliases[name] as string[]) : [field], value);
}

function textual(term: Term, name: string, { text, quoted }: Value): Condition {
  if (term.operator !== ':' && term.operator !== '=' && term.operator !== '!=') {
    throw bad(term, `${name} is text: it cannot be compared with ${term.operator}`, `Write ${name}:${text}`);
  }
  const negated = term.operator === '!=';
  const wrap = (condition: Condition): Condition => (negated ? { kind: 'not', condition } : condition);
  const column = textFields[name]?.column ?? 'tags';
  if (text === 'none' && !quoted) return wrap({ kind: 'absent', column });
  if (column === 'tags') return wrap({ kind: 'tag', value: asciiLower(text) });
  const words = choices[name];
  if (words && !text.includes('*') && !words.includes(asciiLower(text))) {
    throw bad(term, `${name} is never "${text}"`, `It is one of ${words.join(', ')}.`);
  }
  const value = asciiLower(text);
  const match = term.operator === ':' ? (textFields[name] as { match: 'equals' | 'contains' }).match : 'equals';
  if (match === 'equals' && !quoted && value.includes('*'))
    return wrap({ kind: 'text', column, match: 'pattern', value });
  return wrap({ kind: 'text', column, match, value });
}

function timed(term: Term, name: string, { text }: Value, now: Date): Condition {
  if (term.operator !== ':') throw bad(term, `${name} takes a colon`, `Write ${name}:${text}`);
  const value = parseMoment(text, now);
  if (value === null)
    throw bad(term, `"${text}" is no moment`, 'Write 7d, 12h, today, yesterday, 2026-11-01 or 2026-11-01T14:30.');
  return { kind: 'started', operator: name === 'since' ? '>=' : '<', value };
}

function numeric(term: Term, name: string, { text }: Value): Condition {
  const column = numberFields[name] as (typeof numberFields)[string];
  const value = (column === 'duration' ? parseDuration(text) : null) ?? parseNumber(text);
  if (value === null)
    throw bad(term, `"${text}" is no number`, `Write for example ${name}>${column === 'duration' ? '2h' : '1'}`);
  return compared(term, (operator) => ({ kind: 'number', column, operator, value }), {
    kind: 'number',
    column,
    operator: '>=',
    value: -Infinity,
  });
}

function setting(term: Term, keys: string[], { text, quoted }: Value): Condition {
  const number = quoted ? null : parseNumber(text);
  const ordered = term.operator !== ':' && term.operator !== '=' && term.operator !== '!=';
  if (ordered && number === null)
    throw bad(term, `"${text}" is no number`, `Write ${term.field}=${text} to find that text.`);
  const value = asciiLower(text);
  return compared(term, (operator) => ({ kind: 'setting', keys, operator, number, text: value }), {
    kind: 'has-setting',
    keys,
  });
}

/** `!=` asks for a value that is there and differs. */
function compared(term: Term, with_: (operator: Operator) => Condition, present: Condition): Condition {
  if (term.operator === '!=') {
    return { kind: 'all', conditions: [present, { kind: 'not', condition: with_('=') }] };
  }
  return with_(term.operator === ':' ? '=' : (term.operator as Operator));
}

function parseNumber(text: string): number | null {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
}

function unknownField(term: Term, field: string): SpoorError {
  const near = nearest(field, fieldNames);
  const meant = near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : '';
  return bad(
    term,
    `there is no field "${field}"`,
    `${meant}Fields: ${fieldNames.join(', ')}; settings are compared, as in network_dim>=16. Quote a text to search for it.`,
  );
}

function bad(term: Term, message: string, hint: string): SpoorError {
  return new SpoorError('usage', 'query', `in "${term.source}": ${message}`, hint);
}
