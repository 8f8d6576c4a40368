import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ansiPieces } from './ansi.ts';
import { markedPieces } from './marked.ts';

const marks = (line: string, word: string) =>
  markedPieces(ansiPieces(line), word).map(({ text, marked }) => (marked ? `[${text}]` : text));

describe('a word that is searched', () => {
  it('is marked wherever it stands, in upper and lower case', () => {
    expect(marks('Loss loss', 'LOSS')).toEqual(['[Loss]', ' ', '[loss]']);
    expect(marks('aaaa', 'aa')).toEqual(['[aaaa]']);
    expect(marks('nothing', 'x')).toEqual(['nothing']);
  });

  it('is marked across colours', () => {
    expect(marks('a lo\x1b[31mss\x1b[0m b', 'loss')).toEqual(['a ', '[lo]', '[ss]', ' b']);
  });

  it('changes no text, whatever is searched', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '\x1b[1m', 'İ', ' ') });
    fc.assert(
      fc.property(letters, letters, (line, word) => {
        const pieces = ansiPieces(line);
        const joined = (all: readonly { text: string }[]) => all.map(({ text }) => text).join('');
        expect(joined(markedPieces(pieces, word))).toBe(joined(pieces));
      }),
    );
  });
});
