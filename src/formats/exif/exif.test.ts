import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { imageFormatOf, readImageTexts } from '../image-texts.ts';
import type { ByteReader } from '../safetensors/header.ts';
import { exifTexts } from './exif.ts';

interface Field {
  tag: number;
  kind: number;
  value: Buffer;
}

/** An Exif block with fields in its first directory and, behind it, in the one of Exif. */
function block(first: readonly Field[], more: readonly Field[] = [], order: 'II' | 'MM' = 'MM'): Buffer {
  const uint = (value: number, bytes: 2 | 4) => {
    const buffer = Buffer.alloc(bytes);
    if (order === 'II') buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const directory = (fields: readonly Field[], at: number): Buffer => {
    let heap = at + 2 + 12 * fields.length + 4;
    const values: Buffer[] = [];
    const entries = fields.map(({ tag, kind, value }) => {
      const place = value.length <= 4 ? Buffer.concat([value, Buffer.alloc(4 - value.length)]) : uint(heap, 4);
      if (value.length > 4) {
        values.push(value);
        heap += value.length;
      }
      return Buffer.concat([uint(tag, 2), uint(kind, 2), uint(kind === 4 ? 1 : value.length, 4), place]);
    });
    return Buffer.concat([uint(fields.length, 2), ...entries, uint(0, 4), ...values]);
  };
  const pointer = (to: number): Field[] => (more.length > 0 ? [{ tag: 0x8769, kind: 4, value: uint(to, 4) }] : []);
  const length = directory([...first, ...pointer(0)], 8).length;
  const head = Buffer.concat([Buffer.from(order), uint(42, 2), uint(8, 4)]);
  return Buffer.concat([head, directory([...first, ...pointer(8 + length)], 8), directory(more, 8 + length)]);
}

const text = (tag: number, value: string): Field => ({ tag, kind: 2, value: Buffer.from(`${value}\0`) });
const comment = (value: Buffer): Field => ({ tag: 0x9286, kind: 7, value });
const utf16be = (value: string) => Buffer.from(value, 'utf16le').swap16();

function readerOf(bytes: Uint8Array): ByteReader & { read: ByteReader['read']; most: number } {
  const reader = {
    size: bytes.byteLength,
    most: 0,
    read: async (position: number, length: number) => {
      reader.most = Math.max(reader.most, length);
      return bytes.subarray(position, position + length);
    },
  };
  return reader;
}

const parameters = 'a wolf, żółw 狼 <lora:wolf:0.8>\nSteps: 20, Sampler: Euler';

describe('the texts of an Exif block', () => {
  it.each(['II', 'MM'] as const)(
    'are the parameters of A1111 in its comment, in UTF-16 of either order (%s)',
    (order) => {
      for (const body of [utf16be(parameters), Buffer.from(parameters, 'utf16le')]) {
        const value = Buffer.concat([Buffer.from('UNICODE\0'), body]);
        expect({ ...exifTexts(block([], [comment(value)], order)) }).toEqual({ parameters });
      }
    },
  );

  it('are the graphs of ComfyUI in whichever entries it put them', () => {
    const found = exifTexts(block([text(0x010f, 'workflow:{"nodes": []}'), text(0x0110, 'prompt:{"3": {}}')]));
    expect({ ...found }).toEqual({ workflow: '{"nodes": []}', prompt: '{"3": {}}' });
  });

  it('are else those of the entries by their names', () => {
    const ascii = comment(Buffer.from('ASCII\0\0\0Steps: 2'));
    expect({ ...exifTexts(block([text(0x0131, 'gimp')], [ascii])) }).toEqual({
      Software: 'gimp',
      parameters: 'Steps: 2',
    });
  });

  it('of any bytes are some or none', () => {
    const field = fc.record({
      tag: fc.constantFrom(0x010e, 0x8769, 0x9286, 7),
      kind: fc.constantFrom(1, 2, 4, 7, 99),
      value: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(
        fc.array(field, { maxLength: 5 }),
        fc.array(field, { maxLength: 5 }),
        fc.nat(400),
        (first, more, cut) => {
          exifTexts(block(first, more).subarray(0, cut));
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        exifTexts(Buffer.concat([Buffer.from('II*\0'), Buffer.from(bytes)]));
      }),
    );
  });
});

describe('the texts of a picture', () => {
  const exif = block([], [comment(Buffer.concat([Buffer.from('UNICODE\0'), utf16be(parameters)]))]);
  const plain = sharp({ create: { width: 32, height: 32, channels: 3, background: '#24406e' } });

  it('are read of a genuine JPEG and a genuine WebP, whose block stands behind the pixels', async () => {
    const jpeg = await plain.clone().jpeg().toBuffer();
    const segment = Buffer.alloc(4);
    segment.writeUInt16BE(0xffe1, 0);
    segment.writeUInt16BE(exif.length + 8, 2);
    const marked = Buffer.concat([jpeg.subarray(0, 2), segment, Buffer.from('Exif\0\0'), exif, jpeg.subarray(2)]);
    expect((await sharp(marked).metadata()).exif?.subarray(6)).toEqual(exif);
    const webp = await sharp(marked).keepExif().webp().toBuffer();
    for (const [bytes, format] of [
      [marked, 'jpeg'],
      [webp, 'webp'],
    ] as const) {
      expect(imageFormatOf(bytes)).toBe(format);
      expect((await readImageTexts(format, readerOf(bytes), 'a')).parameters).toBe(parameters);
    }
  });

  it('are none of pictures that have none', async () => {
    for (const format of ['jpeg', 'webp', 'png'] as const) {
      const bytes = await plain.clone().toFormat(format).toBuffer();
      expect(imageFormatOf(bytes)).toBe(format);
      expect({ ...(await readImageTexts(format, readerOf(bytes), 'a')) }).toEqual({});
    }
  });

  it('of any bytes behind the right beginning are read within bounds', async () => {
    const begins = [
      ['jpeg', Buffer.from([0xff, 0xd8])],
      ['webp', Buffer.from('RIFF\0\0\0\0WEBPEXIF')],
    ] as const;
    const byte = fc.oneof(fc.constantFrom(0xff, 0xe1, 0xfe, 0), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...begins),
        fc.array(byte, { maxLength: 200 }),
        async ([format, begin], rest) => {
          const reader = readerOf(Buffer.concat([begin, Buffer.from(rest)]));
          await readImageTexts(format, reader, 'a');
          expect(reader.most).toBeLessThanOrEqual(16 << 20);
        },
      ),
    );
  });
});
