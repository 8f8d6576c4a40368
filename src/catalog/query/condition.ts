import type { RunRow } from '../row.ts';

export type Operator = '>' | '>=' | '<' | '<=' | '=';

/** Columns of text that a query names. */
export type TextColumn = keyof {
  [K in keyof RunRow as string extends RunRow[K] ? K : RunRow[K] extends string | null ? K : never]: true;
} &
  string;
export type NumberColumn = 'exitCode' | 'duration' | 'step' | 'total' | 'loss' | 'gpuHours' | 'cost' | 'stars';

/**
 * One condition on a row: either true or false of it. What is absent satisfies only `absent` and
 * negations. Letters of the ASCII alphabet are equal in both cases.
 */
export type Condition =
  /** In the full text; in lower case. */
  | { kind: 'words'; text: string }
  /** `*` in a pattern stands for any text. */
  | { kind: 'text'; column: TextColumn; match: 'equals' | 'contains' | 'pattern'; value: string }
  | { kind: 'absent'; column: TextColumn | 'tags' }
  | { kind: 'tag'; value: string }
  | { kind: 'number'; column: NumberColumn; operator: Operator; value: number }
  /** ISO 8601, UTC, milliseconds. */
  | { kind: 'started'; operator: '>=' | '<'; value: string }
  /** The first of the keys that the run has is compared: numbers with `number`, text with `text` (only for `=`). */
  | { kind: 'setting'; keys: string[]; operator: Operator; number: number | null; text: string }
  | { kind: 'has-setting'; keys: string[] }
  | { kind: 'not'; condition: Condition }
  | { kind: 'any'; conditions: Condition[] }
  | { kind: 'all'; conditions: Condition[] };

/** Lower case of A to Z only, as SQL's `lower` has it everywhere. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
