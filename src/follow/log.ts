import type { FileHandle } from 'node:fs/promises';
import type { LogReader, LogState } from '../trainers/trainer.ts';
import { openRegular, readFully } from './open-regular.ts';

const chunkBytes = 256 * 1024;
/** How many bytes before the place we stand at must still be what we read there. */
const fingerprintBytes = 64;

export interface LogFollowerOptions {
  /** The run's raw log. It need not exist yet. */
  path: string;
  /** Makes the trainer's reader; called again when the log turns out to be another one. */
  reader: () => LogReader;
}

/** Feeds a growing log into a trainer's reader. Every state is that of one read from the log's first byte. */
export interface LogFollower {
  /**
   * Reads what has been written since the last poll, at most `maxBytes`.
   * @returns bytes read and whether the log has more
   */
  poll(maxBytes?: number): Promise<{ bytes: number; more: boolean }>;
  state(): LogState;
  /** Nothing more will be written. */
  end(): void;
}

/**
 * A log that was cut, emptied or replaced is read again from its start by a fresh reader. One that is
 * missing or cannot be read for now leaves the state as it is.
 */
export function followLog(options: LogFollowerOptions): LogFollower {
  let reader = options.reader();
  let offset = 0;
  let inode: bigint | null = null;
  let fingerprint = new Uint8Array(0);
  const buffer = new Uint8Array(chunkBytes);

  async function isAnother(handle: FileHandle, size: number, found: bigint): Promise<boolean> {
    if (size < offset || (inode !== null && inode !== found)) return true;
    const there = new Uint8Array(fingerprint.length);
    const read = await readFully(handle, there, offset - there.length);
    return read < there.length || Buffer.compare(there, fingerprint) !== 0;
  }

  async function take(handle: FileHandle, maxBytes: number): Promise<{ bytes: number; more: boolean }> {
    const stats = await handle.stat({ bigint: true });
    if (await isAnother(handle, Number(stats.size), stats.ino)) {
      reader = options.reader();
      offset = 0;
      fingerprint = new Uint8Array(0);
    }
    inode = stats.ino;
    let bytes = 0;
    while (bytes < maxBytes) {
      const wanted = Math.min(chunkBytes, maxBytes - bytes);
      const read = await readFully(handle, buffer.subarray(0, wanted), offset);
      if (read === 0) return { bytes, more: false };
      const chunk = buffer.slice(0, read);
      reader.push(chunk);
      fingerprint = lastBytes(fingerprint, chunk);
      offset += read;
      bytes += read;
    }
    return { bytes, more: offset < Number((await handle.stat()).size) };
  }

  return {
    async poll(maxBytes = 16 * 1024 * 1024) {
      const handle = await openRegular(options.path, 'follow');
      if (!handle) return { bytes: 0, more: false };
      try {
        return await take(handle, maxBytes);
      } catch {
        // A network file system that fails for now; the next poll goes on from here.
        return { bytes: 0, more: false };
      } finally {
        await handle.close();
      }
    },
    state: () => reader.state(),
    end: () => reader.end?.(),
  };
}

function lastBytes(before: Uint8Array, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  if (chunk.length >= fingerprintBytes) return chunk.slice(-fingerprintBytes);
  return new Uint8Array(Buffer.concat([before, chunk]).subarray(-fingerprintBytes));
}

/** The state at the end of a log, finished or live, read in one go. A missing log is an empty one. */
export async function readLogState(path: string, reader: LogReader): Promise<LogState> {
  return (await readFrom(path, reader, null)).log;
}

/** What a log tells of where its run stands. */
export interface LogEnds {
  log: LogState;
  /** When it was written last: milliseconds since 1970; null where there is none. */
  writtenAt: number | null;
}

/**
 * What the first and the last bytes of a log tell: what is announced before training and where it
 * stands, not all that lies between. Cut at line breaks, so that no character or line is taken in halves.
 */
export async function readLogEnds(
  path: string,
  reader: LogReader,
  { head = 128 * 1024, tail = 128 * 1024 } = {},
): Promise<LogEnds> {
  return readFrom(path, reader, { head, tail });
}

async function readFrom(
  path: string,
  reader: LogReader,
  ends: { head: number; tail: number } | null,
): Promise<LogEnds> {
  const handle = await openRegular(path, 'follow');
  if (!handle) return { log: reader.state(), writtenAt: null };
  let writtenAt: number | null = null;
  try {
    const { size, mtimeMs } = await handle.stat();
    writtenAt = mtimeMs;
    if (ends === null || size <= ends.head + ends.tail) {
      await readOn(handle, reader, 0);
    } else {
      const head = new Uint8Array(ends.head);
      const read = await readFully(handle, head, 0);
      reader.push(head.subarray(0, lastLineBreak(head.subarray(0, read)) + 1));
      await readOn(handle, reader, size - ends.tail);
    }
  } catch {
    // What could be read of it is what it tells.
  } finally {
    await handle.close();
  }
  return { log: reader.state(), writtenAt };
}

/** To the end; not from the start: from the first line break. */
async function readOn(handle: FileHandle, reader: LogReader, from: number): Promise<void> {
  const buffer = new Uint8Array(chunkBytes);
  let cut = from > 0;
  for (let position = from; ; ) {
    const read = await readFully(handle, buffer, position);
    if (read === 0) return;
    position += read;
    const chunk = buffer.slice(0, read);
    reader.push(cut ? afterLineBreak(chunk) : chunk);
    cut = false;
  }
}

function afterLineBreak(chunk: Uint8Array): Uint8Array {
  const at = chunk.findIndex(isLineBreak);
  return at < 0 ? chunk : chunk.subarray(at + 1);
}

function lastLineBreak(chunk: Uint8Array): number {
  return chunk.findLastIndex(isLineBreak);
}

function isLineBreak(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}
