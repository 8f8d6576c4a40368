import { SpoorError } from '../model/errors.ts';
import type { Told } from '../model/facts.ts';
import { notesOf } from '../model/fold-notes.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';

type Annotation = Extract<Told, { type: 'note' | 'note.changed' | 'tags' | 'verdict' | 'star' | 'blind-test' }>;

/** Adds what a person says of a run; durable when it returns. */
export async function annotate(home: Home, id: RunId, annotation: Annotation): Promise<void> {
  const log = home.runs.openLog(id, 'annotations');
  try {
    await log.append(annotation);
  } finally {
    await log.close();
  }
}

/** A note that is meant: its id, its place among those that are there, and what it says; null where it was withdrawn. */
export interface MeantNote {
  id: string;
  place: number | null;
  text: string | null;
}

/**
 * Which note of a run is meant.
 *
 * @param which its id, its place among those that are there (1 is the oldest), or `last`
 * Errors: `note-not-found`.
 */
export async function meantNote(home: Home, run: RunId, which: string): Promise<MeantNote> {
  const notes = notesOf((await home.runs.facts(run)).facts);
  const there = notes.all();
  const index = /^\d{1,6}$/.test(which)
    ? Number(which) - 1
    : which === 'last'
      ? there.length - 1
      : there.findIndex(({ id }) => id === which);
  const found = there[index];
  if (found) return { id: found.id, place: index + 1, text: found.text };
  if (notes.has(which)) return { id: which, place: null, text: null };
  throw new SpoorError(
    'not-found',
    'note-not-found',
    there.length === 0 ? 'the run has no note' : `the run has no note ${which}`,
    there.length === 0 ? 'spoor note RUN "…" writes one.' : 'spoor show RUN numbers its notes.',
  );
}

/** Has a note say something else, or takes it back; a text that it has already is not told again. */
export async function changeNote(home: Home, run: RunId, note: MeantNote, text: string | null): Promise<void> {
  if (note.text !== text) await annotate(home, run, { type: 'note.changed', note: note.id, text });
}
