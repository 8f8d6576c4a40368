import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ObjectFormat } from '../../model/code-port.ts';
import { errorCode } from '../../model/errors.ts';

/** An index of some ten million files. */
const longestIndex = 1024 * 1024 * 1024;
const headerLength = 12;

/**
 * Whether an index is what git wrote. Git reads entries on trust, so that a file cut short could tell
 * anything.
 * @returns what is wrong, or null; an index that is not there holds nothing
 */
export async function indexProblem(path: string, format: ObjectFormat): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) return 'it is no file';
      if (found.size > longestIndex) return 'it is too large';
      const bytes = await file.readFile();
      const end = bytes.length - (format === 'sha1' ? 20 : 32);
      if (end < headerLength || bytes.toString('latin1', 0, 4) !== 'DIRC') return 'it is cut short';
      const trailer = bytes.subarray(end);
      // All zeros where `index.skipHash` is set.
      if (trailer.every((byte) => byte === 0)) return null;
      const digest = createHash(format).update(bytes.subarray(0, end)).digest();
      return digest.equals(trailer) ? null : 'its checksum does not match';
    } finally {
      await file.close();
    }
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? null : `${errorCode(error)}`;
  }
}
