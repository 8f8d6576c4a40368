import type { Run } from './run.ts';

/** Milliseconds; null while it runs, and of an imported run whose end nothing tells: its end is then its start. */
export function durationOf({
  startedAt,
  endedAt,
  imported,
}: Pick<Run, 'startedAt' | 'endedAt' | 'imported'>): number | null {
  if (endedAt === null || (imported !== null && endedAt === startedAt)) return null;
  return Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
}
