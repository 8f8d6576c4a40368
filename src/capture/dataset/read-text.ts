import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FileStamp } from '../../model/ports.ts';

export interface ReadText {
  content: Buffer;
  stamp: FileStamp;
  /** When reading began, in nanoseconds since 1970. */
  atNs: bigint;
}

/**
 * A small file as it stands; null for what is no regular file any more, or longer than `longest`, or
 * is being written and does not hold still. A FIFO that has taken its place holds nobody up.
 *
 * Synchronous: thousands of captions are read before launch, and a turn of the event loop costs more
 * than one of them.
 */
export function readText(path: string | Buffer, longest: number): ReadText | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      const atNs = BigInt(Date.now()) * 1_000_000n;
      const stamp = fstatSync(file, { bigint: true });
      if (!stamp.isFile() || stamp.size > longest) return null;
      const content = Buffer.allocUnsafe(Number(stamp.size));
      let filled = 0;
      while (filled < content.length) {
        const read = readSync(file, content, filled, content.length - filled, filled);
        if (read === 0) break;
        filled += read;
      }
      const after = fstatSync(file, { bigint: true });
      if (filled === content.length && sameStamp(stamp, after)) return { content, stamp, atNs };
    }
    return null;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.ino === b.ino && a.dev === b.dev;
}
