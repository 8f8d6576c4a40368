import {
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Fact, Told } from '../model/facts.ts';
import type { FactLog } from '../model/ports.ts';
import { cannotWrite } from './cannot-write.ts';
import { syncDirectory } from './durable.ts';

const flushFile = promisify(fdatasync);
const newline = 0x0a;

/** Stamps facts with version, time and host. */
export function stamp(facts: readonly Told[], host: string, at = new Date()): Fact[] {
  const envelope = { v: 1 as const, at: at.toISOString(), host };
  return facts.map((fact) => ({ ...envelope, ...fact }) as Fact);
}

/**
 * Appends facts to one file, a batch in one write. After a line torn by a crash or a full disk the
 * next batch starts on a line of its own. Each append touches the run's directory, which is how the
 * catalog learns that the run changed.
 */
export class DiskFactLog implements FactLog {
  readonly #path: string;
  readonly #host: string;
  readonly #file: number;
  #torn: boolean;
  #named: boolean;
  #dirty = false;
  #closed = false;

  /** Opens or makes the file; its directory exists. Errors: `cannot-write`. */
  constructor(path: string, host: string) {
    this.#path = path;
    this.#host = host;
    try {
      const { O_RDWR, O_APPEND, O_CREAT } = constants;
      this.#file = openSync(path, O_RDWR | O_APPEND | O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
      const { size } = fstatSync(this.#file);
      this.#named = size > 0;
      this.#torn = size > 0 && byteAt(this.#file, size - 1) !== newline;
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  async append(...facts: Told[]): Promise<void> {
    this.appendStamped(stamp(facts, this.#host));
  }

  /** Facts that already carry their time and host. */
  appendStamped(facts: readonly Fact[]): void {
    if (facts.length === 0) return;
    const lines = `${this.#torn ? '\n' : ''}${facts.map((fact) => `${JSON.stringify(fact)}\n`).join('')}`;
    const bytes = Buffer.from(lines);
    this.#touch();
    const { size } = fstatSync(this.#file);
    try {
      let written = 0;
      while (written < bytes.length) {
        const wrote = writeSync(this.#file, bytes, written);
        written += wrote;
        this.#torn = written < bytes.length;
      }
    } catch (error) {
      this.#takeBack(size);
      throw cannotWrite(this.#path, error);
    }
    this.#dirty = true;
    this.#touch();
  }

  async flush(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    await flushFile(this.#file).catch((error) => {
      this.#dirty = true;
      throw cannotWrite(this.#path, error);
    });
    if (!this.#named) await syncDirectory(dirname(this.#path));
    this.#named = true;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.flush();
    } finally {
      this.#closed = true;
      closeSync(this.#file);
    }
  }

  /** A full disk lets a batch be cut short, but never refuses to give space back: no torn line is left behind. */
  #takeBack(size: number): void {
    try {
      ftruncateSync(this.#file, size);
      this.#torn = size > 0 && byteAt(this.#file, size - 1) !== newline;
    } catch {
      // The next batch starts on a line of its own.
    }
  }

  /** Before the write too: a process killed right after it leaves a changed time all the same. */
  #touch(): void {
    const seconds = (performance.timeOrigin + performance.now()) / 1000;
    try {
      utimesSync(dirname(this.#path), seconds, seconds);
    } catch {
      // The facts are what matters; a catalog that misses them is caught up by the next change.
    }
  }
}

function byteAt(file: number, position: number): number | undefined {
  const one = Buffer.alloc(1);
  return readSync(file, one, 0, 1, position) === 1 ? one[0] : undefined;
}
