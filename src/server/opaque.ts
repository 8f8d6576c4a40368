/** Ids that name one thing of a run and tell nothing of where it lies; the same after a restart. */
import { hash } from 'node:crypto';
import { SpoorError } from '../model/errors.ts';

export function opaque(kind: string, ...parts: readonly (string | number | null)[]): string {
  return hash('sha256', JSON.stringify([kind, ...parts]), 'hex').slice(0, 32);
}

/** Errors: `not-found`. */
export function named<T>(id: string, all: Iterable<T>, idOf: (each: T) => string, what: string): T {
  for (const each of all) if (idOf(each) === id) return each;
  throw unnamed(id, what);
}

export function unnamed(id: string, what: string): SpoorError {
  return new SpoorError('not-found', `${what.replaceAll(' ', '-')}-not-found`, `there is no ${what} ${id}`, null);
}
