/** CRC-32C (Castagnoli), eight bytes at a time; of records of 50 bytes a call into native code would cost more. */

type Table = Int32Array;
/** Made by the first checksum: most commands that could take one do not. */
let tables: [Table, Table, Table, Table, Table, Table, Table, Table] | null = null;

/** @returns the checksum as a signed number of 32 bits */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  tables ??= makeTables() as NonNullable<typeof tables>;
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  let crc = -1;
  let at = from;
  for (const end = to - 8; at <= end; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      t7[crc & 0xff]! ^
      t6[(crc >>> 8) & 0xff]! ^
      t5[(crc >>> 16) & 0xff]! ^
      t4[crc >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < to; at++) crc = t0[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc;
}

/** As TFRecord files hold it: rotated and shifted, so that a checksum of checksums is none of a common kind. */
export function maskedCrc32c(bytes: Uint8Array, from: number, to: number): number {
  const crc = crc32c(bytes, from, to);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) | 0;
}

function makeTables(): Int32Array[] {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    first[byte] = crc;
  }
  const all = [first];
  for (let power = 1; power < 8; power++) {
    const before = all[power - 1]!;
    all.push(Int32Array.from(before, (crc) => first[crc & 0xff]! ^ (crc >>> 8)));
  }
  return all;
}
