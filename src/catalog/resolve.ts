import { SpoorError } from '../model/errors.ts';
import { isRunId, type RunId } from '../model/run-id.ts';
import { nearest } from './nearest.ts';

/** What naming a run needs of all runs. */
export interface Directory {
  /** All ids, the latest first. */
  ids: readonly RunId[];
  /** Ids of the runs of exactly this name, the latest first. */
  named(name: string): Promise<readonly RunId[]>;
  /** All names, for suggestions. */
  names(): Promise<readonly string[]>;
}

/** Shorter texts are rather names than the beginning of an id. */
const shortestPrefix = 4;

/**
 * Finds the run that a RUN argument names: `@` the latest, `@~2` two before it, a full id, a name (the
 * latest of that name), `name~1` the one before it, or a unique beginning of an id; a name goes before
 * a beginning. Errors: `not-found` (`run-not-found`, `run-ambiguous`), naming what is near.
 */
export async function resolveRun(reference: string, directory: Directory): Promise<RunId> {
  const { ids } = directory;
  const latest = /^@(?:~(\d{1,9}))?$/.exec(reference);
  if (latest) return nth(ids, Number(latest[1] ?? 0), reference, 'runs');
  const id = reference.toUpperCase();
  if (isRunId(id)) {
    if (ids.includes(id)) return id;
    throw notFound(reference, 'Run `spoor ls` to see all runs.');
  }
  const [exactly] = await directory.named(reference);
  if (exactly !== undefined) return exactly;
  const before = /^(.+)~(\d{1,9})$/s.exec(reference);
  if (before) {
    const named = await directory.named(before[1] as string);
    if (named.length > 0) return nth(named, Number(before[2]), reference, `runs named ${before[1]}`);
  }
  const begun = reference.length >= shortestPrefix ? beginningWith(ids, reference.toUpperCase()) : [];
  if (begun.length === 1) return begun[0] as RunId;
  if (begun.length > 1) throw ambiguous(reference, begun);
  const near = nearest(before?.[1] ?? reference, await directory.names());
  throw notFound(reference, near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Run `spoor ls` to see all runs.');
}

function beginningWith(ids: readonly RunId[], beginning: string): RunId[] {
  return ids.filter((id) => id.startsWith(beginning));
}

function nth(ids: readonly RunId[], back: number, reference: string, what: string): RunId {
  const id = ids[back];
  if (id !== undefined) return id;
  throw notFound(reference, ids.length === 0 ? 'Nothing has been recorded yet.' : `There are ${ids.length} ${what}.`);
}

function notFound(reference: string, hint: string): SpoorError {
  return new SpoorError('not-found', 'run-not-found', `no run is named "${reference}"`, hint);
}

function ambiguous(reference: string, ids: readonly RunId[]): SpoorError {
  const shown = ids.slice(0, 5).join(', ');
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : '';
  const message = `"${reference}" begins the ids of ${ids.length} runs`;
  return new SpoorError('not-found', 'run-ambiguous', message, `Write more of it: ${shown}${more}.`);
}
