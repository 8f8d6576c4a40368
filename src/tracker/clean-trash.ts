import { processIdentity } from '../launch/identity.ts';
import { SpoorError } from '../model/errors.ts';
import type { Told } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { tryLock } from '../store/lock.ts';
import { Trash, type TrashEvent } from '../store/trash.ts';
import type { TrashEntry } from '../store/trash-entry.ts';
import type { TellFacts } from './held-facts.ts';
import { livenessOf } from './liveness.ts';

/**
 * The trash of a home.
 * @param tell where the facts of a run go while its recorder is at work; else they are added to its record
 */
export function trashOf(home: Home, tell?: TellFacts): Trash {
  return new Trash({
    directory: home.trashDirectory,
    async lock(path) {
      const self = processIdentity(process.pid);
      return self && tryLock(path, self, livenessOf);
    },
    async told(event, entry) {
      const fact = entry.kind === 'checkpoint' ? factOfCheckpoint(event, entry) : factOf(event, entry);
      if (fact === null || entry.run === null) return;
      if (tell) return tell(fact);
      await addFact(home, entry.run, fact);
    },
  });
}

/** A record that was removed itself has no place for a fact. */
export async function addFact(home: Home, run: string, fact: Told): Promise<void> {
  if (!(await home.runs.list()).includes(run)) return;
  const log = home.runs.openLog(run, 'reconciliation');
  try {
    await log.append(fact);
    await log.flush();
  } finally {
    await log.close();
  }
}

function factOf(event: TrashEvent, entry: TrashEntry): Told | null {
  if (entry.kind !== 'output') return null;
  const { from, content, reason, files, bytes } = entry;
  switch (event) {
    case 'removed':
      return { type: 'output.removed', from, to: content, reason, files, bytes };
    case 'restored':
      return { type: 'output.restored', to: from };
    case 'deleted':
      return { type: 'output.deleted', reason: 'the trash was emptied' };
  }
}

/** Beside the copy of a checkpoint among the objects the record tells only whether it is kept. */
function factOfCheckpoint(
  event: TrashEvent,
  { artifact, from, object, content, reason, bytes }: TrashEntry,
): Told | null {
  const path = artifact ?? from;
  if (object !== undefined)
    return event === 'deleted' ? null : { type: 'kept', path, object, kept: event === 'restored' };
  switch (event) {
    case 'removed':
      return { type: 'artifact.removed', path, to: content, reason, bytes };
    case 'restored':
      return { type: 'artifact.restored', path };
    case 'deleted':
      return { type: 'artifact.deleted', path };
  }
}

/**
 * Puts back what the trash holds of a run: its record, its output directory, what was pruned.
 * Errors: `not-in-trash`; `in-the-way`, with what came before restored.
 *
 * @param reference an id, the beginning of one, the name of a run (the latest of it), or the id of an entry, of which the
 *   beginning of its run's id is enough: `01K0ABCD.checkpoint.2`
 * @param find resolves what is no name of a removed run: `@`, `name~1`
 */
export async function restoreRun(
  home: Home,
  reference: string,
  find: (reference: string) => Promise<RunId>,
): Promise<TrashEntry[]> {
  const trash = trashOf(home);
  const chosen = latestOf(await entriesBy(await trash.list(), reference, find));
  for (const entry of chosen) {
    if (entry.object !== undefined && entry.run !== null && (await home.objects.has(entry.object))) {
      // The same bytes were kept anew.
      await addFact(home, entry.run, { type: 'kept', path: entry.artifact ?? '', object: entry.object, kept: true });
      await trash.delete(entry);
    } else await trash.restore(entry);
  }
  return chosen;
}

/** All that the trash holds by a reference, as `restoreRun` takes it. Errors: `not-in-trash`, `run-ambiguous`. */
async function entriesBy(
  entries: readonly TrashEntry[],
  reference: string,
  find: (reference: string) => Promise<RunId>,
): Promise<TrashEntry[]> {
  const found = named(entries, reference) ?? ownedBy(entries, await find(reference).catch(() => null));
  if (found.length > 0) return found;
  const hint = 'spoor trash ls shows what is there.';
  throw new SpoorError('not-found', 'not-in-trash', `the trash holds nothing of run ${reference}`, hint);
}

/** Null where the reference names nothing that was removed. */
function named(entries: readonly TrashEntry[], reference: string): TrashEntry[] | null {
  const owner = ({ id }: TrashEntry) => id.slice(0, 26);
  const [, begin = '', kind] = /^(\w{4,26})(\.\w+(?:\.\d+)?)$/.exec(reference) ?? [];
  const exact = entries.filter((entry) => {
    const rest = entry.id.slice(26);
    return entry.id === reference || (rest === kind && owner(entry).startsWith(begin.toUpperCase()));
  });
  if (exact.length === 1) return exact;
  if (exact.length > 1) throw ambiguous(reference, exact.map(owner));
  const prefixed =
    reference.length >= 4 ? entries.filter((entry) => owner(entry).startsWith(reference.toUpperCase())) : [];
  const matching = prefixed.length > 0 ? prefixed : entries.filter(({ name }) => name === reference);
  const owners = [...new Set(matching.map(owner))].sort();
  if (prefixed.length > 0 && owners.length > 1) throw ambiguous(reference, owners);
  const last = owners.at(-1);
  return last === undefined ? null : ownedBy(entries, last);
}

function ambiguous(reference: string, owners: readonly string[]): SpoorError {
  const message = `${reference} begins ${owners.join(' and ')}`;
  return new SpoorError('usage', 'run-ambiguous', message, 'Give more of the id.');
}

const ownedBy = (entries: readonly TrashEntry[], owner: string | null): TrashEntry[] =>
  entries.filter(({ id }) => id.startsWith(`${owner}.`));

/** Of several removals of one directory or file the last. */
function latestOf(own: readonly TrashEntry[]): TrashEntry[] {
  const latest = new Map<string, TrashEntry>();
  for (const entry of own.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    latest.set(entry.kind === 'checkpoint' ? entry.from : entry.kind, entry);
  }
  return [...latest.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/**
 * What references name: an entry, or all that the trash holds of a run, each once. Errors: `not-in-trash`,
 * `run-ambiguous`.
 */
export async function trashEntries(
  home: Home,
  references: readonly string[],
  find: (reference: string) => Promise<RunId>,
): Promise<TrashEntry[]> {
  const entries = await trashOf(home).list();
  const chosen = new Set<TrashEntry>();
  for (const each of references) for (const entry of await entriesBy(entries, each, find)) chosen.add(entry);
  return [...chosen];
}

/** Deletes entries for good. Errors: `not-in-trash`, before anything is deleted; `trash-busy`, `cannot-write`. */
export async function deleteFromTrash(home: Home, ids: readonly string[]): Promise<TrashEntry[]> {
  const trash = trashOf(home);
  const all = new Map((await trash.list()).map((entry) => [entry.id, entry]));
  const chosen = [...new Set(ids)].map((id) => {
    const entry = all.get(id);
    if (entry) return entry;
    throw new SpoorError(
      'not-found',
      'not-in-trash',
      `the trash has no entry ${id}`,
      'spoor trash ls shows what is there.',
    );
  });
  for (const entry of chosen) await trash.delete(entry);
  return chosen;
}

/**
 * Deletes for good what was removed before `before` (UTC, ISO 8601). Objects that only a removed record
 * needs stay in the home.
 */
export async function emptyTrash(home: Home, before: string): Promise<TrashEntry[]> {
  const trash = trashOf(home);
  const old = (await trash.list()).filter(({ at }) => at <= before);
  for (const entry of old) await trash.delete(entry);
  return old;
}

/** The record first, so that the fact of a directory's return finds it; then the directory, and what stood in it. */
const order: readonly TrashEntry['kind'][] = ['record', 'output', 'checkpoint'];
