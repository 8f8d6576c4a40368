import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact, FactOf, Told } from './facts.ts';
import { foldFacts } from './fold.ts';
import { noteId, notesOf, withoutFormerNotes } from './fold-notes.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 20, 0, second)).toISOString();
const told = (second: number, fact: Told) => ({ v: 1, at: at(second), host: 'lair', ...fact }) as Fact;
const note = (second: number, text: string) => told(second, { type: 'note', text });
const idOf = (fact: Fact) => noteId(fact as FactOf<'note'>);
const changed = (second: number, of: Fact, text: string | null) =>
  told(second, { type: 'note.changed', note: idOf(of), text });

const [ears, fur] = [note(1, 'ears melt'), note(2, 'fur holds')];

test('a note says what was written of it last, in its own place, and tells when', () => {
  const { run } = foldFacts('01KATJ0000ABCDEFGHJKMNPQRS', [ears, fur, changed(3, ears, 'ears are right')]);
  expect(run.notes).toEqual([
    { id: idOf(ears), at: at(1), text: 'ears are right', editedAt: at(3) },
    { id: idOf(fur), at: at(2), text: 'fur holds', editedAt: null },
  ]);
});

test('a note that was withdrawn is not there, until it is given a text again', () => {
  expect(
    notesOf([ears, fur, changed(3, ears, null)])
      .all()
      .map(({ text }) => text),
  ).toEqual(['fur holds']);
  const back = notesOf([ears, fur, changed(3, ears, null), changed(4, ears, 'ears melt')]);
  expect(back.all().map(({ text, editedAt }) => [text, editedAt])).toEqual([
    ['ears melt', null],
    ['fur holds', null],
  ]);
});

test('it changes nothing that a fact is there twice, of no note that is known, or without a text of a note', () => {
  const odd = { ...changed(3, ears, ''), text: 7 } as unknown as Fact;
  const notes = notesOf([ears, ears, changed(2, note(9, 'elsewhere'), 'x'), odd]);
  expect(notes.all()).toEqual([{ id: idOf(ears), at: at(1), text: 'ears melt', editedAt: null }]);
});

test('former texts and withdrawn notes are left out of facts, all else stays as it was', () => {
  const tags = told(3, { type: 'tags', add: ['fur'], remove: [] });
  const facts = [
    ears,
    fur,
    tags,
    changed(4, ears, 'a secret'),
    changed(5, ears, 'ears are right'),
    changed(6, fur, 'another'),
    changed(7, fur, null),
  ];
  expect(withoutFormerNotes(facts)).toEqual([tags, facts[4]]);
  expect(withoutFormerNotes([ears, tags])).toEqual([ears, tags]);
});

test('a change that a clock put before its note counts, and of several the last one told', () => {
  const texts = fc.array(fc.option(fc.string(), { nil: null }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(texts, fc.nat(5), (all, place) => {
      const changes = all.map((text, second) => changed(second, ears, text));
      const facts = changes.toSpliced(Math.min(place, changes.length), 0, ears);
      expect(
        notesOf(facts)
          .all()
          .map(({ text }) => text),
      ).toEqual([all.at(-1)].filter((text) => text !== null));
      const said = withoutFormerNotes(facts).map((fact) => (fact as FactOf<'note.changed'>).text);
      expect(said).toEqual([all.at(-1)].filter((text) => text !== null));
    }),
  );
});
