import { SpoorError } from '../../model/errors.ts';
import { nearest } from '../nearest.ts';
import type { RunSummary } from '../row.ts';
import { asciiLower } from './condition.ts';

export const sortKeys = ['started', 'name', 'loss', 'duration', 'step', 'stars', 'verdict'] as const;
export interface Sort {
  by: (typeof sortKeys)[number];
  descending: boolean;
}

/** The latest first. */
export const latestFirst: Sort = { by: 'started', descending: true };

/** Reads `--sort`: a key, or `-key` for the reverse. Errors: `usage`. */
export function parseSort(text: string): Sort {
  const descending = text.startsWith('-');
  const by = sortKeys.find((key) => key === text.replace(/^-/, ''));
  if (by) return { by, descending };
  const [near] = nearest(text.replace(/^-/, ''), sortKeys);
  const meant = near ? `Did you mean ${near}? ` : '';
  const hint = `${meant}Sort by ${sortKeys.join(', ')}; a minus before it reverses the order.`;
  throw new SpoorError('usage', 'sort', `cannot sort by "${text}"`, hint);
}

/** Orders rows as `sql.ts` does: what is absent (or NaN) comes last either way, equals by id, the latest first. */
export function comparer({ by, descending }: Sort): (a: RunSummary, b: RunSummary) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [keyOf(a, by), keyOf(b, by)];
    if (x !== y) {
      if (x === null || y === null) return x === null ? 1 : -1;
      return sign * order(x, y);
    }
    return a.id < b.id ? 1 : Number(a.id > b.id) * -1;
  };
}

function keyOf(row: RunSummary, by: Sort['by']): number | string | null {
  if (by === 'started') return row.startedAt;
  if (by === 'name') return asciiLower(row.name);
  // The words of verdicts stand in the order of the alphabet as in that of merit: failed, mixed, worked.
  if (by === 'verdict') return row.verdict;
  const value = row[by];
  return typeof value === 'number' ? value : null;
}

function order(a: number | string, b: number | string): number {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b);
  // Of bytes, as the database orders text.
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
