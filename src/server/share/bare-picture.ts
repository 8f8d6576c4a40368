/** Whether a picture is WebP with nothing but pixels in it: no EXIF, no XMP, where generators put prompts and paths. */
const pixels = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

export function isBareWebp(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < 12 || buffer.toString('latin1', 0, 4) !== 'RIFF' || buffer.toString('latin1', 8, 12) !== 'WEBP')
    return false;
  let at = 12;
  while (at + 8 <= buffer.length) {
    if (!pixels.has(buffer.toString('latin1', at, at + 4))) return false;
    const length = buffer.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  return at === buffer.length && buffer.readUInt32LE(4) + 8 === buffer.length;
}
