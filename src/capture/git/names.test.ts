import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asText, fromText, joinNames, pathBelow, shownName, splitNames, toBytes } from './names.ts';

test('any bytes pass through a list of names', () => {
  const name = fc
    .uint8Array({ minLength: 1 })
    .map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)).toString('latin1'));
  fc.assert(
    fc.property(fc.array(name), (names) => {
      expect(splitNames(joinNames(names))).toEqual(names);
    }),
  );
});

test('text is shown as it is, and other bytes by their hexadecimal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(shownName(fromText(text))).toBe(text);
    }),
  );
  expect(shownName('caf\xe9.py')).toBe('caf\\xe9.py');
  expect(shownName('\xe7\x8b\xbc\xff\xe7\x8b')).toBe('狼\\xff\\xe7\\x8b');
  expect(shownName('\xed\xa0\x80')).toBe('\\xed\\xa0\\x80');
  expect(asText('\xff')).toBeNull();
});

test('a path below a directory keeps the bytes of its name', () => {
  expect(pathBelow('/狼', '\xff/a')).toEqual(Buffer.concat([Buffer.from('/狼/'), toBytes('\xff/a')]));
});
