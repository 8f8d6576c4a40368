/** The texts of a JPEG: its Exif block and its comments. Pixels are never read. */
import type { ByteReader } from '../safetensors/header.ts';
import { exifTexts } from './exif.ts';

const mostSegments = 1000;

/** Texts by keyword, as `exifTexts`; a comment is `comment`. A file that ends early gives what stood before its end. */
export async function readJpegTexts(reader: ByteReader): Promise<Record<string, string>> {
  const texts: Record<string, string> = Object.create(null);
  let position = 2;
  for (let segment = 0; segment < mostSegments; segment++) {
    const head = Buffer.from(await reader.read(position, 4));
    if (head.length < 4 || head[0] !== 0xff) return texts;
    const marker = head[1] ?? 0;
    // Fill bytes may stand before a marker.
    if (marker === 0xff) {
      position++;
      continue;
    }
    // Start of scan: from here on there are pixels.
    if (marker === 0xda || marker === 0xd9) return texts;
    const length = head.readUInt16BE(2);
    if (length < 2) return texts;
    if (marker === 0xe1 || marker === 0xfe) {
      const body = Buffer.from(await reader.read(position + 4, length - 2));
      const found =
        marker === 0xfe
          ? { comment: new TextDecoder().decode(body).replace(/\0+$/, '') }
          : body.toString('latin1', 0, 6) === 'Exif\0\0'
            ? exifTexts(body.subarray(6))
            : {};
      for (const [key, text] of Object.entries(found)) texts[key] ??= text;
    }
    position += 2 + length;
  }
  return texts;
}
