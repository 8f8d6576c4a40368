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

  it('has those of 256 and of all by the colour of the theme that is most like them', () => {
    const classes = (line: string) => ansiPieces(line).map(({ className }) => className);
    expect(
      classes('\x1b[38;5;196mred\x1b[38;5;46mgreen\x1b[38;5;226myellow\x1b[38;5;21mblue\x1b[38;5;240mgrey'),
    ).toEqual(['text-bad', 'text-good', 'text-warn', 'text-info', 'text-ink-3']);
    expect(classes('\x1b[38;2;250;20;30mred\x1b[39mnone\x1b[4munder\x1b[24;2mdim')).toEqual([
      'text-bad',
      '',
      'underline',
      'text-ink-3',
    ]);
  });

  it('passes over colours of the ground, and what is no colour', () => {
    expect(ansiPieces('\x1b[48;5;196mx\x1b[48;2;1;2;3my\x1b[2Kz').map(({ text }) => text)).toEqual(['x', 'y', 'z']);
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
