import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/**
 * Text (one character a byte) of a regular file of at most `longest` bytes; null for anything else, also
 * for what cannot be read. Synchronous, as is all that is read of a git directory before git is started:
 * a turn of the event loop costs more than such a read, and git waits for the last of them.
 */
export function readSmall(path: string | Buffer, longest: number): string | null {
  let file: number;
  try {
    // Without O_NONBLOCK a FIFO would hold us here for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const found = fstatSync(file);
    return found.isFile() && found.size <= longest ? readFileSync(file, 'latin1') : null;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/** What a call of the file system gives; null where it fails. */
export function orNull<T>(call: () => T): T | null {
  try {
    return call();
  } catch {
    return null;
  }
}
