import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageSize } from './image-size.ts';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const rest = Array<number>(40).fill(0);

test('an image tells its pixels in its header', () => {
  const png = bytes('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 2, 0, 0, 0, 3, 0], rest);
  expect(imageSize(png)).toEqual({ width: 512, height: 768 });
  const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc2, 0, 11, 8, 3, 0, 2, 0], rest);
  expect(imageSize(jpeg)).toEqual({ width: 512, height: 768 });
  expect(imageSize(bytes('GIF89a', [0, 2, 0, 3], rest))).toEqual({ width: 512, height: 768 });
  const webp = bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8X', [10, 0, 0, 0, 0, 0, 0, 0], [255, 1, 0, 255, 2, 0], rest);
  expect(imageSize(webp)).toEqual({ width: 512, height: 768 });
});

test('whatever stands there, nothing breaks', () => {
  const starts = fc.constantFrom('', '\x89PNG', 'GIF8', 'RIFFxxxxWEBPVP8L', 'RIFFxxxxWEBPVP8X', '\xff\xd8\xff');
  fc.assert(
    fc.property(starts, fc.uint8Array({ maxLength: 64 }), (start, more) => {
      imageSize(bytes(start, [...more]));
    }),
  );
});
