/** Foreign images through libvips, within bounds. Runs in the worker only: what goes wrong there costs one image. */
import type { Metadata, Sharp } from 'sharp';
import { SpoorError } from '../model/errors.ts';
import type { ImageFacts } from '../model/facts.ts';

/** Pixels of an image, decoded whole: what an interlaced one takes. */
export const mostDecodedBytes = 192 << 20;
/** The longer side of a preview. */
const previewSide = 512;
/** The longest that WebP can have. */
const longestSide = 16_383;
const secondsAnImage = 60;

const kinds: readonly [format: string, starts: (magic: string) => boolean][] = [
  ['png', (magic) => magic.startsWith('\x89PNG\r\n\x1a\n')],
  ['jpeg', (magic) => magic.startsWith('\xff\xd8\xff')],
  ['webp', (magic) => magic.startsWith('RIFF') && magic.slice(8, 12) === 'WEBP'],
  ['gif', (magic) => magic.startsWith('GIF8')],
];

/** Told by its first bytes, not by its name; null for what is not decoded at all. */
function imageKind(bytes: Uint8Array): string | null {
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString('latin1');
  return kinds.find(([, starts]) => starts(magic))?.[0] ?? null;
}

/** The library, set so that one image is decoded at a time by one thread and nothing is held afterwards. */
export async function openSharp() {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

export interface DecodedPreview {
  image: ImageFacts;
  webp: Uint8Array;
  width: number;
  height: number;
}

/** @param whole in its full size. Errors: `image-unreadable`, with the reason, for what is no image, broken, or beyond the bound. */
export async function makePreview(bytes: Uint8Array, whole: boolean): Promise<DecodedPreview> {
  const { picture, image } = await opened(bytes);
  const side = whole ? longestSide : previewSide;
  try {
    const { data, info } = await picture
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .webp({ quality: whole ? 90 : 80 })
      .timeout({ seconds: secondsAnImage })
      .toBuffer({ resolveWithObject: true });
    return { image, webp: data, width: info.width, height: info.height };
  } catch (error) {
    throw unreadable(reasonOf(error));
  }
}

/** As PNG that fits the box, for a terminal. Errors: as above. */
export async function makePng(bytes: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  const { picture } = await opened(bytes);
  try {
    return await picture.resize(width, height, { fit: 'inside' }).toColourspace('srgb').png().toBuffer();
  } catch (error) {
    throw unreadable(reasonOf(error));
  }
}

async function opened(bytes: Uint8Array): Promise<{ picture: Sharp; image: ImageFacts }> {
  const format = imageKind(bytes);
  if (format === null) throw unreadable('it is no PNG, JPEG, WebP or GIF');
  const sharp = await openSharp();
  const picture = sharp(bytes, { limitInputPixels: mostDecodedBytes, failOn: 'error' });
  let found: Metadata;
  try {
    found = await picture.metadata();
  } catch (error) {
    throw unreadable(reasonOf(error));
  }
  const { width, height, channels, depth } = found;
  const sample = depth === 'ushort' || depth === 'short' ? 2 : depth === 'uchar' || depth === 'char' ? 1 : 8;
  if (width * height * channels * sample > mostDecodedBytes) {
    throw unreadable(`it has ${width} × ${height} pixels, more than are decoded`);
  }
  return { picture, image: { width, height, format } };
}

function unreadable(reason: string): SpoorError {
  return new SpoorError('data', 'image-unreadable', reason);
}

/** libvips tells on several lines. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit/.test(text)) return 'it has more pixels than are decoded';
  return `it cannot be decoded: ${text.split('\n')[0]?.slice(0, 200)}`;
}
