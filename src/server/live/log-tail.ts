/** Where a run stands, by the end of its log, which is read on as it grows. */
import { openRegular, readFully } from '../../follow/open-regular.ts';
import type { Progress } from '../../model/facts.ts';
import type { LogReader } from '../../trainers/trainer.ts';

/** Enough to hold the last progress bar, whatever was printed after it. */
const tailBytes = 256 * 1024;

export class LogTail {
  readonly #path: string;
  readonly #newReader: () => LogReader;
  #reader: LogReader;
  #at = 0;
  #size = 0;
  /** Milliseconds since 1970. */
  writtenAt = 0;

  constructor(path: string, newReader: () => LogReader) {
    this.#path = path;
    this.#newReader = newReader;
    this.#reader = newReader();
  }

  get size(): number {
    return this.#size;
  }

  get progress(): Progress {
    return this.#reader.state().progress;
  }

  /** Reads what came since; of a flood only its end. @returns whether anything did */
  async poll(): Promise<boolean> {
    const handle = await openRegular(this.#path, 'follow');
    if (!handle) return false;
    try {
      const { size, mtimeMs } = await handle.stat();
      if (size === this.#size) return false;
      if (size < this.#at || size - this.#at > tailBytes) {
        // Cut, replaced, or more than is worth reading: begins anew near the end, after a line break.
        this.#reader = this.#newReader();
        this.#at = Math.max(0, size - tailBytes);
      }
      const bytes = new Uint8Array(size - this.#at);
      const read = bytes.subarray(0, await readFully(handle, bytes, this.#at));
      const isMidway = this.#at > 0 && this.#at === size - tailBytes;
      this.#reader.push(isMidway ? read.subarray(read.findIndex((byte) => byte === 0x0a || byte === 0x0d) + 1) : read);
      this.#at += read.length;
      this.#size = this.#at;
      this.writtenAt = mtimeMs;
      return true;
    } finally {
      await handle.close();
    }
  }
}
