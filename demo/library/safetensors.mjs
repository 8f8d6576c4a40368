/**
 * safetensors files (https://github.com/huggingface/safetensors), 16- and 32-bit floats, and the hashes
 * sd-scripts puts into them.
 */
import { createHash } from 'node:crypto';

/** @typedef {{ name: string, shape: number[], values: Float32Array }} Tensor */
/** @typedef {'F16' | 'F32'} Precision */

/**
 * @param {readonly Tensor[]} tensors
 * @param {Readonly<Record<string, string>>} metadata
 * @param {Precision} precision
 */
export function encodeSafetensors(tensors, metadata, precision) {
  /** @type {Record<string, unknown>} */
  const header = { __metadata__: metadata };
  const width = precision === 'F16' ? 2 : 4;
  let offset = 0;
  const sorted = tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, shape, values } of sorted) {
    const end = offset + values.length * width;
    header[name] = { dtype: precision, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const padded = Math.ceil(text.length / 8) * 8;
  const file = Buffer.alloc(8 + padded + offset, ' ');
  file.writeBigUInt64LE(BigInt(padded));
  file.set(text, 8);
  let at = 8 + padded;
  for (const { values } of sorted) {
    for (const value of values) {
      if (precision === 'F16') file.writeUInt16LE(toHalf(value), at);
      else file.writeFloatLE(value, at);
      at += width;
    }
  }
  return file;
}

/**
 * The file with its `sshs_` hashes: `sshs_model_hash` is SHA-256 of the tensor section, `sshs_legacy_hash`
 * the old 64 KiB hash of a file that holds only the `ss_` keys.
 * @param {readonly Tensor[]} tensors
 * @param {Readonly<Record<string, string>>} metadata
 * @param {Precision} precision
 */
export function encodeHashed(tensors, metadata, precision) {
  const own = Object.fromEntries(Object.entries(metadata).filter(([key]) => key.startsWith('ss_')));
  const bare = encodeSafetensors(tensors, own, precision);
  const hashes = {
    sshs_model_hash: createHash('sha256').update(tensorSection(bare)).digest('hex'),
    sshs_legacy_hash: legacyHash(bare),
  };
  return encodeSafetensors(tensors, { ...metadata, ...hashes }, precision);
}

/**
 * SHA-256 of the 64 KiB that start at 1 MiB, first 8 digits.
 * @param {Buffer} file
 */
export function legacyHash(file) {
  return createHash('sha256').update(file.subarray(0x100000, 0x110000)).digest('hex').slice(0, 8);
}

/** @param {Buffer} file */
function tensorSection(file) {
  return file.subarray(8 + Number(file.readBigUInt64LE()));
}

/**
 * @param {Buffer} file
 * @returns {{ metadata: Record<string, string>, tensors: Tensor[] }}
 * @throws {Error} if the file is none of these
 */
export function decodeSafetensors(file) {
  const length = file.length < 8 ? Number.NaN : Number(file.readBigUInt64LE());
  if (!(length <= file.length - 8)) throw new Error('Error while deserializing header: HeaderTooLarge');
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(file.toString('utf8', 8, 8 + length));
  const data = tensorSection(file);
  const tensors = Object.entries(entries).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [start, end],
      },
    ]) => {
      if ((dtype !== 'F16' && dtype !== 'F32') || !(start <= end && end <= data.length)) {
        throw new Error(`Error while deserializing header: InvalidOffset("${name}")`);
      }
      const width = dtype === 'F16' ? 2 : 4;
      const values = Float32Array.from({ length: (end - start) / width }, (_, i) =>
        dtype === 'F16' ? fromHalf(data.readUInt16LE(start + i * 2)) : data.readFloatLE(start + i * 4),
      );
      return { name, shape, values };
    },
  );
  return { metadata, tensors };
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * IEEE 754 half precision, rounded to nearest even.
 * @param {number} value
 */
export function toHalf(value) {
  single[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const size = word & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size < 0x38800000) {
    // Below 2^-14 a half is a multiple of 2^-24.
    return sign | roundEven(Math.abs(value) * 2 ** 24);
  }
  const exact = size - 0x38000000;
  return sign | ((exact + 0xfff + ((exact >>> 13) & 1)) >>> 13);
}

/** @param {number} value not negative */
function roundEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** @param {number} half */
export function fromHalf(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
