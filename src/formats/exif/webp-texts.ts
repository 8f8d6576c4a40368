/** The texts of a WebP: its Exif block, which stands behind the pixels. Pixels are never read. */
import type { ByteReader } from '../safetensors/header.ts';
import { exifTexts } from './exif.ts';

const mostChunks = 10_000;
/** A workflow of ComfyUI has some hundred kB. */
const longestBlock = 16 << 20;

/** Texts by keyword, as `exifTexts`. A file that ends early, or whose block is longer than 16 MiB, gives none. */
export async function readWebpTexts(reader: ByteReader): Promise<Record<string, string>> {
  let position = 12;
  for (let chunk = 0; chunk < mostChunks; chunk++) {
    const head = Buffer.from(await reader.read(position, 8));
    if (head.length < 8) return {};
    const length = head.readUInt32LE(4);
    if (head.toString('latin1', 0, 4) === 'EXIF' && length <= longestBlock) {
      const body = Buffer.from(await reader.read(position + 8, length));
      // Some writers put the beginning of JPEG's segment here, too.
      return exifTexts(body.toString('latin1', 0, 6) === 'Exif\0\0' ? body.subarray(6) : body);
    }
    position += 8 + length + (length & 1);
  }
  return {};
}
