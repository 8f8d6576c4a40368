import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jpegParts, pngParts, type Read, webpParts } from './picture-parts.ts';

const readerOf =
  (bytes: Uint8Array): Read =>
  async (from, length) =>
    Uint8Array.from(bytes.subarray(from, from + length));
const joined = (bytes: Buffer, parts: readonly { from: number; to: number }[]) =>
  Buffer.concat(parts.map(({ from, to }) => bytes.subarray(from, to)));

/** Noise, so that its pixels take more room than all else. */
const noise = sharp(Buffer.from(Array.from({ length: 3 * 96 * 96 }, (_, at) => (at * 7919) % 251)), {
  raw: { width: 96, height: 96, channels: 3 },
}).withExif({ IFD0: { ImageDescription: 'what it was asked for' } });

describe('the parts of a picture without its pixels', () => {
  it.each([
    ['png', pngParts, 'IDAT'],
    ['jpeg', jpegParts, null],
    ['webp', webpParts, 'VP8 '],
  ] as const)('of a genuine %s keep its words, and are a small part of it', async (format, partsOf, pixels) => {
    const bytes = await noise.clone().toFormat(format).toBuffer();
    const kept = joined(bytes, await partsOf(readerOf(bytes)));
    expect(kept.includes('what it was asked for')).toBe(true);
    expect(kept.length).toBeLessThan(Math.min(1500, bytes.length / 2));
    if (pixels) expect(kept.includes(pixels)).toBe(false);
  });

  it('of any bytes end, in order, within the file and within what may be sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(pngParts, jpegParts, webpParts),
        fc.uint8Array({ maxLength: 300 }),
        async (partsOf, bytes) => {
          const parts = await partsOf(readerOf(bytes));
          let [end, sum] = [0, 0];
          for (const { from, to } of parts) {
            expect(from).toBeGreaterThanOrEqual(end);
            end = to;
            sum += to - from;
          }
          expect(sum).toBeLessThanOrEqual(16 << 20);
        },
      ),
    );
  });
});
