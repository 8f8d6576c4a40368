import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c, maskedCrc32c } from './crc32c.ts';

test('checksums are those of RFC 3720', () => {
  const of = (bytes: Uint8Array) => crc32c(bytes, 0, bytes.length) >>> 0;
  expect(of(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(of(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(of(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  expect(of(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e);
});

test('eight bytes at a time give what one at a time does', () => {
  const bitwise = (bytes: Uint8Array) => {
    let crc = -1;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
    return ~crc;
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(70), (bytes, from) => {
      const begin = Math.min(from, bytes.length);
      expect(crc32c(bytes, begin, bytes.length)).toBe(bitwise(bytes.subarray(begin)));
    }),
  );
});

test('masked as TensorFlow masks them', () => {
  // The first eight bytes and their checksum of an event file that TensorBoard wrote.
  const length = Buffer.from('4800000000000000', 'hex');
  expect(maskedCrc32c(length, 0, 8)).toBe(Buffer.from('fe92489d', 'hex').readInt32LE());
});
