/**
 * A table of hashes that is used as it lies on disk, so that 100,000 entries cost no parsing.
 *
 * The file: a header of 64 bytes (magic with byte order, count of records and of extras, checksum of all
 * behind byte 24, the remembered object), then the records of 88 bytes, then the extras of 56. A record:
 * inode, device, size, mtime, ctime as 64-bit numbers, a hash of the path, the extra's number (0: none),
 * SHA-256, and whether it was used in the last session. An extra: SHA-1 and SHA-256 of the tensor section.
 */
import { hash } from 'node:crypto';
import type { CachedHash, FileStamp } from '../model/ports.ts';

const headerBytes = 64;
const recordBytes = 88;
const recordWords = recordBytes / 8;
const extraBytes = 56;
/** Reads differently on a machine of the other byte order. */
const magic = 0x5370_6f6f_7248_4332n;
const checkedFrom = 24;
const noHash = '0'.repeat(64);

/** Which 32 bits of a 64-bit number in memory are its low ones. */
const lowHalf = new Uint32Array(new BigUint64Array([1n]).buffer)[0] === 1 ? 0 : 1;

/** Places in a record, in bytes. */
const place = { path: 40, extra: 44, sha256: 48, used: 80 };

export class HashTable {
  /** Whether there is anything to save. */
  changed = false;
  #remembered: string | null = null;
  #bytes: Buffer;
  #words: BigUint64Array;
  #numbers: Uint32Array;
  #count: number;
  readonly #extras: Buffer[] = [];
  /** Open addressing: the number of a record plus one, or 0. */
  #index = new Uint32Array(0);

  constructor() {
    [this.#bytes, this.#words, this.#numbers] = views(64);
    this.#count = 0;
    this.#reindex(128);
  }

  /** @returns null for what is not a whole table of this version */
  static from(file: Uint8Array | null): HashTable | null {
    if (file === null || file.byteLength < headerBytes) return null;
    const header = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
    if (new BigUint64Array(header.buffer.slice(header.byteOffset, header.byteOffset + 8))[0] !== magic) return null;
    const count = header.readUInt32LE(8);
    const extras = header.readUInt32LE(12);
    const extrasAt = headerBytes + count * recordBytes;
    if (extrasAt + extras * extraBytes !== header.byteLength) return null;
    if (checksum(header.subarray(checkedFrom)) !== header.readUInt32LE(16)) return null;
    const table = new HashTable();
    table.#load(header, count, extrasAt);
    return table;
  }

  get remembered(): string | null {
    return this.#remembered;
  }

  set remembered(sha256: string | null) {
    if (sha256 === this.#remembered) return;
    this.#remembered = sha256;
    this.changed = true;
  }

  get(path: string, stat: FileStamp): CachedHash | null {
    const record = this.#find(stat.ino, hashOf(path));
    if (record === null) return null;
    const words = record * recordWords;
    const { dev, size, mtimeNs, ctimeNs } = stat;
    if (this.#words[words + 1] !== dev || this.#words[words + 2] !== size) return null;
    if (this.#words[words + 3] !== mtimeNs || this.#words[words + 4] !== ctimeNs) return null;
    const at = record * recordBytes;
    this.#bytes[at + place.used] = 1;
    const extra = this.#extras[this.#numbers[(at + place.extra) >> 2]! - 1];
    return {
      sha256: this.#bytes.toString('hex', at + place.sha256, at + place.sha256 + 32),
      sha1: extra?.readUInt8(52) ? extra.toString('hex', 0, 20) : null,
      tensorSha256: extra?.readUInt8(53) ? extra.toString('hex', 20, 52) : null,
    };
  }

  set(path: string, stat: FileStamp, hash: CachedHash): void {
    const pathHash = hashOf(path);
    const record = this.#find(stat.ino, pathHash) ?? this.#append(stat.ino, pathHash);
    const { ino, dev, size, mtimeNs, ctimeNs } = stat;
    this.#words.set([ino, dev, size, mtimeNs, ctimeNs], record * recordWords);
    const at = record * recordBytes;
    this.#numbers[(at + place.path) >> 2] = pathHash;
    this.#numbers[(at + place.extra) >> 2] = this.#addExtra(hash);
    this.#bytes.write(hash.sha256, at + place.sha256, 32, 'hex');
    this.#bytes[at + place.used] = 1;
    this.changed = true;
  }

  /** The file. Once most entries are of files that were not looked at, these are left out. */
  bytes(): Uint8Array {
    const all = Array.from({ length: this.#count }, (_, record) => record);
    const used = all.filter((record) => this.#bytes[record * recordBytes + place.used] === 1);
    const kept = all.length > 2 * used.length + 1_000 ? used : all;
    const [records, , numbers] = views(kept.length);
    const extras: Buffer[] = [];
    kept.forEach((record, index) => {
      this.#bytes.copy(records, index * recordBytes, record * recordBytes, (record + 1) * recordBytes);
      const number = (index * recordBytes + place.extra) >> 2;
      const extra = this.#extras[numbers[number]! - 1];
      numbers[number] = extra === undefined ? 0 : extras.push(extra);
    });
    const header = Buffer.alloc(headerBytes);
    header.set(new Uint8Array(new BigUint64Array([magic]).buffer));
    header.writeUInt32LE(kept.length, 8);
    header.writeUInt32LE(extras.length, 12);
    header.write(this.#remembered ?? noHash, 24, 32, 'hex');
    const file = Buffer.concat([header, records, ...extras]);
    file.writeUInt32LE(checksum(file.subarray(checkedFrom)), 16);
    return file;
  }

  #load(file: Buffer, count: number, extrasAt: number): void {
    [this.#bytes, this.#words, this.#numbers] = views(count + 64);
    file.copy(this.#bytes, 0, headerBytes, extrasAt);
    this.#count = count;
    for (let at = extrasAt; at < file.byteLength; at += extraBytes) {
      this.#extras.push(file.subarray(at, at + extraBytes));
    }
    for (let at = place.used; at < count * recordBytes; at += recordBytes) this.#bytes[at] = 0;
    const remembered = file.toString('hex', 24, 56);
    this.#remembered = remembered === noHash ? null : remembered;
    let capacity = 128;
    while (capacity < count * 2) capacity *= 2;
    this.#reindex(capacity);
  }

  #find(ino: bigint, pathHash: number): number | null {
    const mask = this.#index.length - 1;
    for (let slot = slotOf(ino, pathHash) & mask; ; slot = (slot + 1) & mask) {
      const record = this.#index[slot]! - 1;
      if (record < 0) return null;
      if (this.#numbers[(record * recordBytes + place.path) >> 2] !== pathHash) continue;
      if (this.#words[record * recordWords] === ino) return record;
    }
  }

  #append(ino: bigint, pathHash: number): number {
    const record = this.#count++;
    if ((record + 1) * recordBytes > this.#bytes.byteLength) {
      const before = this.#bytes;
      [this.#bytes, this.#words, this.#numbers] = views(this.#count * 2);
      before.copy(this.#bytes);
    }
    this.#words[record * recordWords] = ino;
    this.#numbers[(record * recordBytes + place.path) >> 2] = pathHash;
    if (this.#count * 2 > this.#index.length) this.#reindex(this.#index.length * 2);
    else this.#enter(record);
    return record;
  }

  /** @param capacity a power of two */
  #reindex(capacity: number): void {
    this.#index = new Uint32Array(capacity);
    for (let record = 0; record < this.#count; record++) this.#enter(record);
  }

  #enter(record: number): void {
    const mask = this.#index.length - 1;
    const low = this.#numbers[((record * recordBytes) >> 2) + lowHalf]!;
    let slot = mix(low ^ this.#numbers[(record * recordBytes + place.path) >> 2]!) & mask;
    while (this.#index[slot] !== 0) slot = (slot + 1) & mask;
    this.#index[slot] = record + 1;
  }

  #addExtra({ sha1, tensorSha256 }: CachedHash): number {
    if (sha1 === null && tensorSha256 === null) return 0;
    const extra = Buffer.alloc(extraBytes);
    extra.write(sha1 ?? '', 0, 20, 'hex');
    extra.write(tensorSha256 ?? '', 20, 32, 'hex');
    extra[52] = sha1 === null ? 0 : 1;
    extra[53] = tensorSha256 === null ? 0 : 1;
    return this.#extras.push(extra);
  }
}

/** Of SHA-1 the first 32 bits: as fast as a checksum, and loaded already where files are hashed. */
function checksum(bytes: Uint8Array): number {
  return hash('sha1', bytes, 'buffer').readUInt32LE(0);
}

function views(records: number): [Buffer, BigUint64Array, Uint32Array] {
  const memory = new ArrayBuffer(records * recordBytes);
  return [Buffer.from(memory), new BigUint64Array(memory), new Uint32Array(memory)];
}

function slotOf(ino: bigint, pathHash: number): number {
  return mix(Number(ino & 0xffff_ffffn) ^ pathHash);
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** FNV-1a. */
function hashOf(path: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < path.length; index++) hash = Math.imul(hash ^ path.charCodeAt(index), 0x0100_0193);
  return hash >>> 0;
}
