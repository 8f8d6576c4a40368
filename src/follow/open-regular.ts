import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Opens a regular file for reading and nothing else: a FIFO cannot hold us up, a device is not touched.
 * Null for what is not there, not readable or no regular file.
 * @param links whether a symlink may stand in its place: only where the user named the path
 */
export async function openRegular(path: string, links: 'follow' | 'refuse'): Promise<FileHandle | null> {
  const refuse = links === 'refuse' ? constants.O_NOFOLLOW : 0;
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | refuse);
  } catch {
    return null;
  }
  try {
    if ((await handle.stat()).isFile()) return handle;
  } catch {
    // Treated as unreadable below.
  }
  await handle.close();
  return null;
}

/** Reads until `buffer` is full or the file ends; gives the bytes read. */
export async function readFully(handle: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
