import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import hu from './hu.json' with { type: 'json' };
import ja from './ja.json' with { type: 'json' };
import { type Phrases, sayIn } from './phrases.ts';

const both: [string, Phrases][] = [
  ['Hungarian', hu],
  ['Japanese', ja],
];

it('has each sentence in both languages', () => {
  expect(Object.keys(ja)).toEqual(Object.keys(hu));
});

describe.each(both)('%s', (_, phrases) => {
  it('says each value, and none that is not told', () => {
    const numbers = (text: string) => [...new Set(text.match(/(?<=\{)\d+/g))].sort();
    for (const [english, said] of Object.entries(phrases))
      expect([english, numbers(said)]).toEqual([english, numbers(english)]);
  });

  it('knows each sentence whatever its values are, and leaves those as they are', () => {
    const say = sayIn(phrases);
    // No sentence has these letters, so that each value can be told from it.
    const value = fc.stringMatching(/^[§¶][§¶/.]{0,20}[§¶]$/u);
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(phrases)),
        fc.array(value, { minLength: 6, maxLength: 6 }),
        (english, values) => {
          const text = english.replace(/\{(\d+)\}/g, (__, number) => values[Number(number) - 1] ?? '');
          const said = say(text);
          expect(said).not.toBeNull();
          for (const [, number] of english.matchAll(/\{(\d+)\}/g)) expect(said).toContain(values[Number(number) - 1]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads any text whatsoever', () => {
    const say = sayIn(phrases);
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void say(text)));
  });
});

describe('a sentence', () => {
  const say = sayIn({
    'the run {1}: {2}, and nothing was made': 'a futás {1!} ({2}), és semmi sem lett',
    failed: 'elbukott',
    '{1} is gone': '{1} eltűnt',
    'the copy of {1} is gone': '{1} másolata eltűnt',
    'A file is not there: {1}': 'Nincs meg: {1}',
    '{1}: {2}': '{1!}: {2!}',
  });

  it('is said with the sentences in it', () => {
    expect(say('the run failed: disk-full, and nothing was made')).toBe(
      'a futás elbukott (disk-full), és semmi sem lett',
    );
  });

  it('is the one that says the most of it', () => {
    expect(say('the copy of a is gone')).toBe('a másolata eltűnt');
  });

  it('keeps values that read like sentences', () => {
    expect(say('A file is not there: failed')).toBe('Nincs meg: failed');
  });

  it('is not known where a value is missing, or anything else stands around it', () => {
    expect(say(' is gone')).toBeNull();
    expect(say('it is gone now')).toBeNull();
  });

  it('of another program stays in its own words', () => {
    expect(say('OSError: x is gone')).toBeNull();
    expect(say('torch.cuda.OutOfMemoryError: x is gone')).toBeNull();
  });

  it('is looked for in no time, however it repeats itself', () => {
    expect(sayIn({ 'a{1}a{2}a{3}a{4}b': '{1}{2}{3}{4}' })('a'.repeat(4000))).toBeNull();
  });
});
