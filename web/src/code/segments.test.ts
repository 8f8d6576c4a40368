import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedSpans, coloured, colouredLines, languageOf, marked, pairedLines } from './segments.ts';

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

describe('lines of code', () => {
  it('are coloured as one text: what begins on one goes on on the next', () => {
    const lines = ['def f():', '    """One thing', '    return nothing', '    """', '    return 1'];
    const found = colouredLines(lines, 'python');
    expect(found.map((line) => line.map(({ text }) => text).join(''))).toEqual(lines);
    const toneOf = (line: number, text: string) => found[line]?.find((each) => each.text.includes(text))?.className;
    expect(toneOf(2, 'return')).toBe(toneOf(1, 'One'));
    expect(toneOf(4, 'return')).toContain('--series-4');
  });

  it('keep their text whatever they are', () => {
    const line = fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ' '));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('python', 'yaml', null),
        (lines, language) => {
          expect(colouredLines(lines, language).map((each) => each.map(({ text }) => text).join(''))).toEqual(lines);
        },
      ),
    );
  });

  it('that went are paired with those that came by their words, where there are more of one', () => {
    const removed = ['lr = 0.1 * rate', 'print(loss)'];
    const added = ['# warm up first', 'lr = 0.2 * rate', 'warm_up(steps)', 'print(loss, lr)'];
    expect(pairedLines(removed, added)).toEqual([
      [0, 1],
      [1, 3],
    ]);
    expect(pairedLines(['import torch'], ['return None'])).toEqual([]);
  });

  it('are paired in order, each once', () => {
    const some = fc.array(words, { maxLength: 8 });
    fc.assert(
      fc.property(some, some, (removed, added) => {
        const pairs = pairedLines(removed, added);
        for (const [at, [i, j]] of pairs.entries()) {
          expect(i).toBeGreaterThan(pairs[at - 1]?.[0] ?? -1);
          expect(j).toBeGreaterThan(pairs[at - 1]?.[1] ?? -1);
        }
      }),
    );
  });
});
