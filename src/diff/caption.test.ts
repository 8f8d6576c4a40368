import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captionText, compareTerms, termsOf, termText } from './caption.ts';

const told = (before: string, after: string) => {
  const [left, right] = [termsOf(before, ','), termsOf(after, ',')];
  return termText(compareTerms(left, right), left.join() !== right.join());
};

describe('two captions', () => {
  test('of tags differ by tags', () => {
    expect(told('wolf, solo, looking at viewer', 'wolf, sitting, looking at viewer')).toBe('+sitting −solo');
  });

  test('with a sentence among the tags differ by its words', () => {
    expect(
      told('kumo, a grey cat asleep on a blue blanket', 'kumo, a grey cat asleep on a green blanket, detailed fur'),
    ).toBe('+green +detailed fur −blue');
  });

  test('of sentences differ by words, whatever their commas', () => {
    expect(told('The wolf sits. It is day, clear sky.', 'The wolf runs. It is day, clear sky.')).toBe('+runs −sits');
  });

  test('of the same tags differ by their order or spacing alone', () => {
    expect(told('a, b', 'b, a')).toBe('another order');
    expect(told('a,b', 'a, b')).toBe('other spacing or punctuation');
  });

  test('mirror each other', () => {
    const captions = fc.array(fc.constantFrom('wolf', 'solo', 'grey fur', 'moon')).map((tags) => tags.join(', '));
    fc.assert(
      fc.property(captions, captions, (a, b) => {
        const forth = compareTerms(termsOf(a, ','), termsOf(b, ','));
        expect(compareTerms(termsOf(b, ','), termsOf(a, ','))).toEqual({ added: forth.removed, removed: forth.added });
      }),
    );
  });

  test('are read as their trainer reads them', () => {
    expect(captionText('\ufeffwolf, moon \r\nnotes', { separator: ',', firstLineOnly: true })).toBe('wolf, moon');
    expect(captionText('wolf\r\nmoon\n', { separator: ',', firstLineOnly: false })).toBe('wolf\nmoon');
  });
});
