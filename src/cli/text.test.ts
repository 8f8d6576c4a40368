import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { jsonText } from './json.ts';
import { cells, duration, number, pad, shortPath, size, truncate, truncateMiddle, visible, wrap } from './text.ts';

test('control characters and bidirectional overrides become visible escapes', () => {
  expect(visible('a\u001b[31mb\u009b2J\u202e\n\t')).toBe('a\\e[31mb\\x9b2J\\u202e\\n\\t');
});

test('whatever the text, nothing that a terminal obeys is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test('a cut text never takes more cells than there are, wide letters included', () => {
  const wide = fc.string({ unit: fc.constantFrom('a', '狼', '🐺', 'é', '/') });
  fc.assert(
    fc.property(wide, fc.nat(40), (text, width) => {
      expect(cells(truncate(text, width))).toBeLessThanOrEqual(width);
      expect(cells(truncateMiddle(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test('every letter takes the cells that the tables of Unicode give it, also where they are not asked', () => {
  for (let code = 0x20; code < 0x3000; code++) {
    const letter = String.fromCharCode(code);
    expect(cells(letter), `U+${code.toString(16)}`).toBe(stringWidth(letter));
  }
});

test('a path cut in its middle keeps its end', () => {
  expect(truncateMiddle('/data/models/sdxl/base.safetensors', 24)).toMatch(/^\/data\/m….*\.safetensors$/);
});

test('wrapped lines fit, words longer than a line included', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  for (const line of wrap('x'.repeat(50), 20)) expect(cells(line)).toBeLessThanOrEqual(20);
});

test('texts are padded by cells, not by letters', () => {
  expect(pad('狼', 4)).toBe('狼  ');
  expect(pad('7', 3, 'left')).toBe('  7');
});

test('numbers, sizes, durations and paths are written as the field writes them', () => {
  expect([1e-4, 0.05, 2400, 0.071234567, Number.NaN].map(number)).toEqual(['1e-4', '0.05', '2400', '0.0712346', 'NaN']);
  expect([612, 4000, 6.94e9, 999_999].map(size)).toEqual(['612 B', '4.0 kB', '6.9 GB', '1.0 MB']);
  expect([4200, 200_000, 7_500_000, 273_600_000].map(duration)).toEqual(['4.2 s', '3 m 20 s', '2 h 05 m', '3 d 4 h']);
  expect(shortPath('/home/you/sd-scripts', '/home/you')).toBe('~/sd-scripts');
  expect(shortPath('/home/yours', '/home/you')).toBe('/home/yours');
});

test('JSON for a terminal holds no character that it obeys, and the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const written = jsonText({ value, text });
      expect(written).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});
