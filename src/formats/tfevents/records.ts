/**
 * TFRecord framing: length (8 bytes, little-endian), its masked CRC-32C (4), the data, their masked CRC-32C (4).
 * Source: tensorflow/core/lib/io/record_writer.h.
 */
import { maskedCrc32c } from './crc32c.ts';

/** Longer records hold a graph or a video: they are passed over without being held. */
export const longestRecord = 16 << 20;
const framing = 12;

/** What is amiss with a file. `length`: nothing behind it can be found, for good. `data`: this record is lost. */
export interface Damage {
  kind: 'length' | 'data';
  /** Of the record, in bytes from the file's beginning. */
  offset: number;
}

export interface RecordTaker {
  /** The data of a whole record, at `bytes[from..to)`, valid during the call only. @throws RangeError if they are no such message */
  record(bytes: Uint8Array, from: number, to: number): void;
  damaged(damage: Damage): void;
}

/** Cuts a file that may still grow into records. The same bytes give the same records however they are cut. */
export class RecordReader {
  readonly #taker: RecordTaker;
  /** Bytes of a record that is not whole yet. */
  #held: Uint8Array = new Uint8Array(0);
  #holding = 0;
  /** Bytes of a record that is too long, still to come. */
  #passing = 0;
  /** Where the bytes that are looked at begin in the file. */
  #offset = 0;
  /** Whether a damaged length has made the rest unreadable. */
  dead = false;

  constructor(taker: RecordTaker) {
    this.#taker = taker;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.dead) {
      if (this.#passing > 0) {
        const passed = Math.min(this.#passing, chunk.length - at);
        this.#passing -= passed;
        this.#offset += passed;
        at += passed;
      } else if (this.#holding === 0) {
        at += this.#take(chunk, at, chunk.length);
        if (this.#passing > 0 || this.dead) continue;
        this.#hold(chunk, at, chunk.length - at);
        return;
      } else {
        // The record that is held needs so many bytes; what is left of it is taken alone.
        const wanted = Math.min(this.#missing(), chunk.length - at);
        this.#hold(chunk, at, wanted);
        at += wanted;
        const taken = this.#take(this.#held, 0, this.#holding);
        if (taken > 0) this.#holding = 0;
      }
    }
  }

  /** Whole records, one after another. @returns the bytes that are done with */
  #take(bytes: Uint8Array, from: number, to: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = from;
    while (at + framing <= to) {
      if (view.getInt32(at + 8, true) !== maskedCrc32c(bytes, at, at + 8)) {
        this.dead = true;
        this.#taker.damaged({ kind: 'length', offset: this.#offset });
        break;
      }
      const length = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
      if (length > longestRecord) {
        this.#passing = length + 4;
        at += framing;
        this.#offset += framing;
        break;
      }
      const begin = at + framing;
      const end = begin + length;
      if (end + 4 > to) break;
      if (view.getInt32(end, true) !== maskedCrc32c(bytes, begin, end) || !this.#give(bytes, begin, end)) {
        this.#taker.damaged({ kind: 'data', offset: this.#offset });
      }
      at = end + 4;
      this.#offset += framing + length + 4;
    }
    return at - from;
  }

  #give(bytes: Uint8Array, from: number, to: number): boolean {
    try {
      this.#taker.record(bytes, from, to);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  /** How many bytes the held record lacks, as far as is known. */
  #missing(): number {
    if (this.#holding < framing) return framing - this.#holding;
    const view = new DataView(this.#held.buffer);
    return framing + view.getUint32(0, true) + 4 - this.#holding;
  }

  #hold(bytes: Uint8Array, from: number, length: number): void {
    const needed = this.#holding + length;
    if (needed > this.#held.length) {
      const more = new Uint8Array(Math.max(1_024, needed, Math.min(2 * this.#held.length, longestRecord)));
      more.set(this.#held.subarray(0, this.#holding));
      this.#held = more;
    } else if (this.#holding === 0 && this.#held.length > 1 << 20 && needed < 1 << 16) {
      this.#held = new Uint8Array(Math.max(1_024, needed));
    }
    this.#held.set(bytes.subarray(from, from + length), this.#holding);
    this.#holding = needed;
  }
}
