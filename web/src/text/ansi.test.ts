import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ansiPieces } from './ansi.ts';

describe('a line with colours', () => {
  it('is cut where they change', () => {
    expect(ansiPieces('a\x1b[1;31mred\x1b[0m b')).toEqual([
      { text: 'a', className: '' },
      { text: 'red', className: 'font-semibold text-bad' },
      { text: ' b', className: '' },
    ]);
  });

  it('passes over colours of 256 and of all, and what is no colour', () => {
    expect(ansiPieces('\x1b[38;5;196mx\x1b[38;2;1;2;3my\x1b[2Kz').map(({ text }) => text)).toEqual(['x', 'y', 'z']);
  });

  it('loses none of its text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\x1b', '')),
        (text) => {
          expect(
            ansiPieces(text)
              .map((piece) => piece.text)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });
});
