/**
 * The bytes of series: `docs/format.md`, "Series". A file is a header and records of one size, so that the place of each
 * is known from its number, and a torn last one is seen from the file's size.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { SeriesAxis } from '../../model/metrics.ts';

/** step, time, value as doubles, 4 bytes of zeros, checksum. */
export const pointBytes = 32;
/** Points in a block, which has one record in the file of blocks. */
export const blockPoints = 64;
/** Five points of 24 bytes, their places, flags, checksum. */
export const blockBytes = 128;
/** A longer header holds a tag that nobody reads. */
export const longestHeader = 128 * pointBytes;

/**
 * The checksum of a run of bytes that ends in its own CRC-32 is this number whatever the bytes are. Each checksum begins
 * with it, and so all of a file, or any run of its records, is checked in one go.
 */
const residue = 0x2144df1c;

/** Puts the checksum behind the others of a header's or record's bytes. */
export function seal(bytes: Buffer, from: number, to: number): void {
  bytes.writeUInt32LE(crc32(bytes.subarray(from, to - 4), residue), to - 4);
}

/** Whether a header, a record, or several of them one after another are as they were written. */
export function isIntact(bytes: Uint8Array): boolean {
  return bytes.length === 0 || crc32(bytes, residue) === residue;
}

/** Source of what only the terminal's bar told. Where another source has the tag, that one counts. */
export const barSource = 'log';

/** What a file of points says of itself. */
export interface SeriesHeader {
  v: 1;
  tag: string;
  axis: SeriesAxis;
  /** What it was read from; sources sort in the order in which they were begun. */
  source: string;
}

/** One line of JSON, spaces before its line feed, checksum: a multiple of a record's size. */
export function headerBytes(header: SeriesHeader): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Math.ceil((text.length + 5) / pointBytes) * pointBytes;
  const bytes = Buffer.alloc(length, ' ');
  text.copy(bytes);
  bytes.write('\n', length - 5);
  seal(bytes, 0, length);
  return bytes;
}

/** The header at the beginning of these bytes; null where it is torn, damaged, or of another version. */
export function readHeader(bytes: Buffer): { header: SeriesHeader; length: number } | null {
  const length = bytes.indexOf('\n') + 5;
  if (length === 4 || length > bytes.length || length % pointBytes !== 0) return null;
  if (!isIntact(bytes.subarray(0, length))) return null;
  const header = JSON.parse(bytes.toString('utf8', 0, length - 5)) as SeriesHeader;
  return header.v === 1 ? { header, length } : null;
}

/** Of a source and the number of a series in it: `<12 hex digits>-<number>`. */
export function seriesName(source: string, number: number): string {
  return `${createHash('sha256').update(source).digest('hex').slice(0, 12)}-${number}`;
}

export const pointsFile = (name: string) => `${name}.points`;
export const blocksFile = (name: string) => `${name}.blocks`;
export const seriesFilePattern = /^([0-9a-f]{12}-\d{1,5})\.points$/;
