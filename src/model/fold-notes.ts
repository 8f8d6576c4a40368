import { createHash } from 'node:crypto';
import type { Fact, FactOf } from './facts.ts';
import type { Note } from './run.ts';

type NoteFact = FactOf<'note'> | FactOf<'note.changed'>;

/** What a note is called for good: 12 hex digits of when it was written and of its first text. */
export function noteId({ at, text }: Pick<FactOf<'note'>, 'at' | 'text'>): string {
  return createHash('sha256').update(`${at}\n${text}`).digest('hex').slice(0, 12);
}

/** The notes of a run, each as it was said last; told in any order, since clocks of two machines differ. */
export class FoldedNotes {
  readonly #written = new Map<string, FactOf<'note'>>();
  readonly #changes = new Map<string, FactOf<'note.changed'>>();

  take(fact: NoteFact): void {
    if (fact.type === 'note') this.#written.set(noteId(fact), fact);
    else if (fact.text === null || typeof fact.text === 'string') this.#changes.set(fact.note, fact);
  }

  /** In order of their writing, without those that were withdrawn. */
  all(): Note[] {
    return [...this.#written].flatMap(([id, { at, text: first }]) => {
      const change = this.#changes.get(id);
      const text = change ? change.text : first;
      return text === null ? [] : [{ id, at, text, editedAt: change && text !== first ? change.at : null }];
    });
  }

  /** Whether there was ever such a note. */
  has(id: string): boolean {
    return this.#written.has(id);
  }

  /** Whether the fact tells a text that holds. */
  holds(fact: NoteFact): boolean {
    if (fact.type === 'note') return !this.#changes.has(noteId(fact));
    return fact.text !== null && this.#changes.get(fact.note) === fact;
  }
}

const isOfNote = (fact: Fact): fact is NoteFact => fact.type === 'note' || fact.type === 'note.changed';

export function notesOf(facts: readonly Fact[]): FoldedNotes {
  const notes = new FoldedNotes();
  for (const fact of facts) if (isOfNote(fact)) notes.take(fact);
  return notes;
}

/** Facts without what notes said before they were changed, and without those that were withdrawn. */
export function withoutFormerNotes(facts: readonly Fact[]): Fact[] {
  const notes = notesOf(facts);
  return facts.filter((fact) => !isOfNote(fact) || notes.holds(fact));
}
