import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedSpans, coloured, languageOf, marked } from './segments.ts';

const words = fc
  .array(fc.constantFrom('loss', '=', 'rate', '*', '0.1', ' ', '  ', 'x'), { maxLength: 12 })
  .map((all) => all.join(' '));

describe('a line of code', () => {
  it('is coloured by its language and keeps its text', () => {
    const line = 'def loss(x): return "a"  # what';
    const found = coloured(line, languageOf('library/train_util.py'));
    expect(found.map(({ text }) => text).join('')).toBe(line);
    expect(found.find(({ text }) => text === 'def')?.className).toContain('--series-4');
    expect(found.at(-1)?.className).toContain('italic');
  });

  it('of a language that is not known, or too long, is left as it is', () => {
    expect(coloured('x = 1', languageOf('weights.bin'))).toEqual([{ text: 'x = 1', className: '', marked: false }]);
    expect(coloured('x'.repeat(5000), 'python')).toHaveLength(1);
  });

  it('is marked at the words that changed', () => {
    expect(changedSpans('lr = 0.1 * rate', 'lr = 0.2 * rate')).toEqual({ before: [[7, 8]], after: [[7, 8]] });
  });

  it('is not marked at all where two lines have nothing in common', () => {
    expect(changedSpans('import torch', 'return None')).toEqual({ before: [], after: [] });
  });

  it('keeps its text whatever is marked', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const spans = changedSpans(before, after);
        for (const [line, marks] of [
          [before, spans.before],
          [after, spans.after],
        ] as const) {
          expect(
            marked(coloured(line, 'python'), marks)
              .map(({ text }) => text)
              .join(''),
          ).toBe(line);
        }
      }),
    );
  });
});
