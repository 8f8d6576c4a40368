import { tagLine } from '../record.ts';
import type { RunRow } from '../row.ts';
import { asciiLower, type Condition, type Operator } from './condition.ts';

/** Whether a condition holds of a row: the meaning that `sql.ts` gives to the same condition. */
export function holds(condition: Condition, row: RunRow): boolean {
  switch (condition.kind) {
    case 'words':
      return row.text.includes(condition.text);
    case 'text': {
      const value = row[condition.column];
      if (value === null) return false;
      const text = asciiLower(value);
      if (condition.match === 'equals') return text === condition.value;
      return condition.match === 'contains' ? text.includes(condition.value) : matches(text, condition.value);
    }
    case 'absent':
      return condition.column === 'tags' ? row.tags.length === 0 : row[condition.column] === null;
    case 'tag':
      return row.tags.some((tag) => tagLine(tag) === tagLine(condition.value));
    case 'number': {
      const value = row[condition.column];
      return typeof value === 'number' && compare(value, condition.operator, condition.value);
    }
    case 'started':
      return condition.operator === '<' ? row.startedAt < condition.value : row.startedAt >= condition.value;
    case 'setting': {
      const value = settingOf(row, condition.keys);
      if (typeof value === 'number') {
        return condition.number !== null && compare(value, condition.operator, condition.number);
      }
      return value !== undefined && condition.operator === '=' && asciiLower(value) === condition.text;
    }
    case 'has-setting':
      return settingOf(row, condition.keys) !== undefined;
    case 'not':
      return !holds(condition.condition, row);
    case 'any':
      return condition.conditions.some((each) => holds(each, row));
    case 'all':
      return condition.conditions.every((each) => holds(each, row));
  }
}

function settingOf(row: RunRow, keys: readonly string[]): number | string | undefined {
  for (const key of keys) if (Object.hasOwn(row.settings, key)) return row.settings[key];
  return undefined;
}

function compare(a: number, operator: Operator, b: number): boolean {
  switch (operator) {
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '=':
      return a === b;
  }
}

/** `*` stands for any text. Each part is sought once from left to right: no pattern is slow. */
function matches(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const first = parts.shift() as string;
  const last = parts.pop() as string;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
