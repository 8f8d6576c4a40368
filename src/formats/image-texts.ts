/** What a picture tells of itself in words, without a look at its pixels. */
import { readJpegTexts } from './exif/jpeg-texts.ts';
import { readWebpTexts } from './exif/webp-texts.ts';
import { readPngTexts } from './png/text-chunks.ts';
import type { ByteReader } from './safetensors/header.ts';

export type ImageFormat = 'png' | 'jpeg' | 'webp';

/** By its first 12 bytes; null where it is none of these. */
export function imageFormatOf(begin: Uint8Array): ImageFormat | null {
  const magic = Buffer.from(begin.subarray(0, 12)).toString('latin1');
  if (magic.startsWith('\x89PNG')) return 'png';
  if (magic.startsWith('\xff\xd8\xff')) return 'jpeg';
  return magic.startsWith('RIFF') && magic.slice(8) === 'WEBP' ? 'webp' : null;
}

/**
 * Texts by keyword: of a PNG its text chunks, of a JPEG or WebP what generators write into Exif.
 *
 * @throws SpoorError for a PNG that is malformed; `name` names the file in it
 */
export function readImageTexts(format: ImageFormat, reader: ByteReader, name: string): Promise<Record<string, string>> {
  if (format === 'png') return readPngTexts(reader, name);
  return format === 'jpeg' ? readJpegTexts(reader) : readWebpTexts(reader);
}
