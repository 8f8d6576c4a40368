/** Pixels of an image, out of its header. */

export interface ImageSize {
  width: number;
  height: number;
}

/** @param bytes the beginning of the file; null where it does not tell, or is no PNG, JPEG, GIF or WebP */
export function imageSize(bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(30, bytes.byteLength)).toString('latin1');
  if (magic.length < 24) return null;
  if (magic.startsWith('\x89PNG')) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (magic.startsWith('GIF8')) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (magic.startsWith('RIFF') && magic.length === 30 && magic.slice(8, 12) === 'WEBP') return webp(view, magic);
  return magic.startsWith('\xff\xd8') ? jpeg(view) : null;
}

function webp(view: DataView, magic: string): ImageSize | null {
  switch (magic.slice(12, 16)) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
    default:
      return null;
  }
}

const uint24 = (view: DataView, at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

/** The first frame header; segments before it (thumbnails, profiles) are passed over. */
function jpeg(view: DataView): ImageSize | null {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
