import { type RawBuilder, sql } from 'kysely';
import { tagLine } from '../record.ts';
import type { RunRecord } from '../schema.ts';
import type { Condition, NumberColumn, Operator, TextColumn } from './condition.ts';
import type { Sort } from './sort.ts';

const columns: Partial<Record<TextColumn | NumberColumn, keyof RunRecord>> = {
  startedAt: 'started_at',
  endedAt: 'ended_at',
  outputDir: 'output_dir',
  exitCode: 'exit_code',
  gpuHours: 'gpu_hours',
};

const operators: Record<Operator, RawBuilder<unknown>> = {
  '>': sql`>`,
  '>=': sql`>=`,
  '<': sql`<`,
  '<=': sql`<=`,
  '=': sql`=`,
};

/** A condition as SQL that is true or false, never null: the meaning that `predicate.ts` gives to the same condition. */
export function whereOf(condition: Condition): RawBuilder<boolean> {
  switch (condition.kind) {
    case 'words':
      return sql`(instr(text, ${condition.text}) > 0)`;
    case 'text': {
      // Always there and in lower case: the index on it serves.
      if (condition.column === 'status' && condition.match === 'equals') return sql`(status = ${condition.value})`;
      const text = sql`lower(${column(condition.column)})`;
      if (condition.match === 'equals') return orFalse(sql`${text} = ${condition.value}`);
      if (condition.match === 'contains') return orFalse(sql`instr(${text}, ${condition.value}) > 0`);
      return orFalse(sql`${text} like ${likePattern(condition.value)} escape '\\'`);
    }
    case 'absent':
      return condition.column === 'tags' ? sql`(tag_lines = '')` : sql`(${column(condition.column)} is null)`;
    case 'tag':
      return sql`(instr(tag_lines, ${`\n${tagLine(condition.value)}\n`}) > 0)`;
    case 'number':
      return orFalse(sql`${column(condition.column)} ${operators[condition.operator]} ${condition.value}`);
    case 'started':
      return sql`(started_at ${operators[condition.operator]} ${condition.value})`;
    case 'setting': {
      const value = settingOf(condition.keys);
      const asText =
        condition.operator === '=' ? sql`(typeof(${value}) = 'text' and lower(${value}) = ${condition.text})` : sql`0`;
      if (condition.number === null) return orFalse(asText);
      const asNumber = sql`(typeof(${value}) <> 'text' and ${value} ${operators[condition.operator]} ${condition.number})`;
      return orFalse(sql`${asText} or ${asNumber}`);
    }
    case 'has-setting':
      return sql`(${settingOf(condition.keys)} is not null)`;
    case 'not':
      return sql`(not ${whereOf(condition.condition)})`;
    case 'any':
      return sql`(${sql.join([sql`0`, ...condition.conditions.map(whereOf)], sql` or `)})`;
    case 'all':
      return sql`(${sql.join([sql`1`, ...cheapFirst(condition.conditions).map(whereOf)], sql` and `)})`;
  }
}

/** Settings are JSON that is parsed for each row: what else is asked leaves fewer rows to parse. */
function cheapFirst(conditions: readonly Condition[]): Condition[] {
  return conditions.toSorted((a, b) => Number(readsSettings(a)) - Number(readsSettings(b)));
}

function readsSettings(condition: Condition): boolean {
  if (condition.kind === 'not') return readsSettings(condition.condition);
  if (condition.kind === 'any' || condition.kind === 'all') return condition.conditions.some(readsSettings);
  return condition.kind === 'setting' || condition.kind === 'has-setting';
}

/** What is absent comes last either way; equals are ordered by id, the latest first. */
export function orderOf({ by, descending }: Sort): RawBuilder<unknown> {
  const key = by === 'started' ? sql`started_at` : by === 'name' ? sql`lower(name)` : sql.ref(by);
  return sql`${key} ${descending ? sql`desc` : sql`asc`} nulls last, id desc`;
}

function column(name: TextColumn | NumberColumn): RawBuilder<unknown> {
  return sql.ref(columns[name] ?? name);
}

function orFalse(condition: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`coalesce(${condition}, 0)`;
}

function settingOf(keys: readonly string[]): RawBuilder<unknown> {
  // A key that is queried has only word characters, dots, dashes and brackets: it needs no escape here.
  const values = keys.map((key) => sql`json_extract(settings, ${`$."${key}"`})`);
  return values.length === 1 ? (values[0] as RawBuilder<unknown>) : sql`coalesce(${sql.join(values)})`;
}

function likePattern(pattern: string): string {
  return pattern.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');
}
