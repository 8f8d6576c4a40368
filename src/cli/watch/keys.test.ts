import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysOf } from './keys.ts';

test('keys are told apart, alone and many at once', () => {
  const presses = (input: string) => keysOf(input).map((key) => (key.press === 'run' ? key.at : key.press));
  expect(presses('q')).toEqual(['quit']);
  expect(presses('\x1b[A\x1b[B\x1bOC\x1b[D\t\x1b[Z')).toEqual([
    ...['previous', 'next', 'next', 'previous', 'next', 'previous'],
  ]);
  expect(presses('1lcs?h9')).toEqual([0, 'log', 'charts', 'smoothing', 'help', 'help', 8]);
  expect(presses('\x03\x1a\x0c\x1b')).toEqual(['quit', 'suspend', 'redraw', 'back']);
});

test('sequences of other keys, of the mouse and of pasted words are none of these', () => {
  expect(keysOf('\x1b[1;5C\x1b[15~\x1b[<0;10;10M\x1bq')).toEqual([]);
  expect(keysOf('0x wolf')).toEqual([{ press: 'log' }]);
});

test('anything may be typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (input) => {
      expect(keysOf(input).length).toBeLessThanOrEqual(input.length);
    }),
  );
});
