/** PNG images, 8 bits a channel, not interlaced: https://www.w3.org/TR/png-3/ */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/**
 * Red, green and blue of each pixel, row by row, 0–255.
 * @typedef {{ width: number, height: number, rgb: Uint8Array }} Picture
 */

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Channels by colour type; palettes are left out. */
const channelsOf = new Map([
  [0, 1],
  [2, 3],
  [4, 2],
  [6, 4],
]);

/** @param {Picture} picture */
export function encodePng({ width, height, rgb }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (1 + width * 3) + 1);
  }
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * @param {string} type
 * @param {Uint8Array} body
 */
function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const result = Buffer.alloc(named.length + 8);
  result.writeUInt32BE(body.length, 0);
  result.set(named, 4);
  result.writeUInt32BE(crc32(named), named.length + 4);
  return result;
}

/**
 * @param {Buffer} file
 * @returns {Picture}
 * @throws {Error} saying what the file is, if it is nothing this reader knows
 */
export function decodePng(file) {
  if (!file.subarray(0, 8).equals(signature)) throw new Error('not a PNG file');
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  const [depth = 0, colour = 0, , , interlace = 0] = file.subarray(24, 29);
  const channels = channelsOf.get(colour);
  if (depth !== 8 || channels === undefined || interlace !== 0 || width * height > 2 ** 24) {
    throw new Error(`a PNG of ${width}×${height}, depth ${depth}, colour type ${colour}, interlace ${interlace}`);
  }
  const parts = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const stride = width * channels;
  const rows = inflateSync(Buffer.concat(parts), { maxOutputLength: height * (stride + 1) });
  if (rows.length !== height * (stride + 1)) throw new Error('a PNG with rows missing');
  const pixels = unfilter(rows, height, stride, channels);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = pixels[pixel * channels + (channels < 3 ? 0 : c)] ?? 0;
  }
  return { width, height, rgb };
}

/**
 * @param {Uint8Array} rows each with its filter type in front
 * @param {number} height
 * @param {number} stride bytes a row
 * @param {number} pixel bytes a pixel
 */
function unfilter(rows, height, stride, pixel) {
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < pixel ? 0 : (out[at - pixel] ?? 0);
      const up = y === 0 ? 0 : (out[at - stride] ?? 0);
      const corner = x < pixel || y === 0 ? 0 : (out[at - stride - pixel] ?? 0);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      out[at] = (rows[y * (stride + 1) + 1 + x] ?? 0) + predicted;
    }
  }
  return out;
}

/**
 * @param {number} left
 * @param {number} up
 * @param {number} corner
 */
function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
