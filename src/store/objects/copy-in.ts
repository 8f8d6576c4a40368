import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, SpoorError } from '../../model/errors.ts';
import type { StoredObject } from '../../model/ports.ts';
import { cannotWrite } from '../cannot-write.ts';
import { temporaryName } from '../temporary.ts';
import { notAFile } from './object.ts';

const chunkSize = 1 << 20;

/** Devices that cannot share extents with a directory: no use asking for each file. */
const unshareable = new Set<string>();

/**
 * Copies a file to a flushed, read-only temporary file of `directory`. Extents are shared where the
 * file system can. The hash is that of the copy, whatever happens to the original meanwhile.
 */
export async function copyIn(
  path: string,
  directory: string,
  onStep?: (step: string) => void,
): Promise<StoredObject & { temporary: string }> {
  // A FIFO must not block, a device must not be read.
  const source = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const temporary = join(directory, temporaryName());
  try {
    const found = await source.stat();
    if (!found.isFile()) throw notAFile(path);
    const device = `${found.dev} ${directory}`;
    const shared = !unshareable.has(device) && (await share(source, path, temporary));
    if (!shared) unshareable.add(device);
    onStep?.('created');
    const copied = shared ? await flushShared(temporary) : await copyBytes(source, found.size, path, temporary);
    onStep?.('synced');
    return { ...copied, temporary };
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  } finally {
    await source.close();
  }
}

async function share(source: FileHandle, path: string, temporary: string): Promise<boolean> {
  // Through the open handle where possible, so that it is the file that was checked.
  const from = process.platform === 'linux' ? `/proc/self/fd/${source.fd}` : path;
  try {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch {
    await unlink(temporary).catch(() => {});
    return false;
  }
}

async function flushShared(temporary: string): Promise<StoredObject> {
  const file = await open(temporary, 'r');
  try {
    await file.chmod(0o400);
    const sum = createHash('sha256');
    let bytes = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: chunkSize })) {
      sum.update(chunk);
      bytes += chunk.length;
    }
    await file.sync();
    return { sha256: sum.digest('hex'), bytes };
  } finally {
    await file.close();
  }
}

async function copyBytes(source: FileHandle, size: number, path: string, temporary: string): Promise<StoredObject> {
  const copy = await open(temporary, 'wx', 0o400).catch((error) => {
    throw cannotWrite(temporary, error);
  });
  try {
    const sum = createHash('sha256');
    // Most are images: with room for one byte more than was said, the second read finds the end.
    const buffer = Buffer.allocUnsafe(Math.min(chunkSize, size + 1));
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length, bytes).catch((error) => {
        throw new SpoorError('data', 'unreadable', `cannot read ${path}: ${errorCode(error)}`, null, error);
      });
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      sum.update(chunk);
      await copy.writeFile(chunk);
      bytes += bytesRead;
    }
    await copy.sync();
    return { sha256: sum.digest('hex'), bytes };
  } catch (error) {
    throw cannotWrite(temporary, error);
  } finally {
    await copy.close();
  }
}
