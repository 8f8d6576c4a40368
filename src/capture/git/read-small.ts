import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Text (one character a byte) of a regular file of at most `longest` bytes; null for anything else, also for what cannot be read. */
export async function readSmall(path: string, longest: number): Promise<string | null> {
  try {
    // Without O_NONBLOCK a FIFO would hold us here for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > longest) return null;
      return (await file.readFile()).toString('latin1');
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
