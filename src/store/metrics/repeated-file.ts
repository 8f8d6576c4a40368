import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { cannotWrite } from '../cannot-write.ts';

/**
 * A file whose writer may have begun anew: what it writes again is compared with what stands there, and left alone
 * where it is the same. From the first difference on (a torn end, a damaged byte) the file is written anew.
 */
export class RepeatedFile {
  readonly path: string;
  /** Bytes that are as this writer wrote them. */
  position = 0;
  #standing: number | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** Errors: `cannot-write`; then nothing counts as written. */
  append(bytes: Uint8Array, durable = false): void {
    try {
      const { O_RDWR, O_CREAT, O_NOFOLLOW = 0 } = constants;
      const file = openSync(this.path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
      try {
        this.#append(file, bytes);
        if (durable) fdatasyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }

  #append(file: number, bytes: Uint8Array): void {
    this.#standing ??= fstatSync(file).size;
    const repeated = Math.min(bytes.length, Math.max(0, this.#standing - this.position));
    let from = 0;
    if (repeated > 0) {
      const there = Buffer.alloc(repeated);
      const read = readSync(file, there, 0, repeated, this.position);
      if (there.subarray(0, read).equals(bytes.subarray(0, repeated))) from = repeated;
      else {
        ftruncateSync(file, this.position);
        this.#standing = this.position;
      }
    }
    for (let at = from; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, this.position + at);
    this.position += bytes.length;
    this.#standing = Math.max(this.#standing, this.position);
  }
}
