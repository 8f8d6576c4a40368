import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, SpoorError } from '../../model/errors.ts';
import type { ObjectStore, StoredObject } from '../../model/ports.ts';
import { cannotWrite } from '../cannot-write.ts';
import { type DurableFile, makeDirectory, publish, syncDirectory, writeAllDurably } from '../durable.ts';
import { sweepDirectory } from '../temporary.ts';
import { copyIn } from './copy-in.ts';
import { isSha256, objectMissing, sha256OfStream } from './object.ts';

/** What was renamed this recently may have been put by a writer that has not yet flushed the directory. */
const settledAfter = 60_000;

/** Objects as read-only files: `ab/abcdef…`. */
export class DiskObjects implements ObjectStore {
  readonly #directory: string;
  readonly #onStep: ((step: string) => void) | undefined;
  /** Fan-out directories whose own name is known to be durable. */
  readonly #prepared = new Set<string>();

  /** @param onStep told at each step of a write; tests kill the process there */
  constructor(directory: string, onStep?: (step: string) => void) {
    this.#directory = directory;
    this.#onStep = onStep;
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.#size(sha256)) !== null;
  }

  async get(sha256: string): Promise<Uint8Array> {
    return readFile(this.#path(sha256)).catch((error) => {
      throw errorCode(error) === 'ENOENT' ? objectMissing(sha256) : error;
    });
  }

  async *stream(sha256: string): AsyncIterable<Uint8Array> {
    try {
      yield* createReadStream(this.#path(sha256), { highWaterMark: 1 << 20 });
    } catch (error) {
      throw errorCode(error) === 'ENOENT' ? objectMissing(sha256) : error;
    }
  }

  async put(content: Uint8Array): Promise<StoredObject> {
    const [stored] = await this.putAll([content]);
    return stored as StoredObject;
  }

  async putAll(contents: readonly Uint8Array[]): Promise<StoredObject[]> {
    const stored: StoredObject[] = [];
    const missing = new Map<string, DurableFile>();
    const unsettled = new Set<string>();
    for (const bytes of contents) {
      const object = { sha256: hash('sha256', bytes, 'hex'), bytes: bytes.length };
      stored.push(object);
      if (missing.has(object.sha256)) continue;
      const found = await this.#find(object.sha256);
      // Another size under this name is damage of the disk: it is replaced.
      if (found?.size !== object.bytes) missing.set(object.sha256, { path: this.#path(object.sha256), bytes });
      else if (!found.settled) unsettled.add(this.#fanOut(object.sha256));
    }
    await this.#prepare([...missing.keys(), ...[...unsettled].map((directory) => directory.slice(-2))]);
    await writeAllDurably([...missing.values()], { onStep: this.#onStep });
    for (const directory of unsettled) await syncDirectory(directory);
    return stored;
  }

  async putFile(path: string, expect?: string): Promise<StoredObject> {
    if (expect !== undefined) {
      const found = await this.#find(expect);
      if (found?.settled) return { sha256: expect, bytes: found.size };
    }
    await makeDirectory(this.#directory);
    const copy = await copyIn(path, this.#directory, this.#onStep);
    try {
      if (expect !== undefined && copy.sha256 !== expect) {
        throw new SpoorError(
          'busy',
          'changed-while-read',
          `${path} changed while it was copied: its SHA-256 is ${copy.sha256}, not ${expect}`,
          'Wait until nothing writes to it any more.',
        );
      }
      const found = await this.#find(copy.sha256);
      if (found?.size === copy.bytes && found.settled) await unlink(copy.temporary);
      else {
        await this.#prepare([copy.sha256]);
        await publish([{ temporary: copy.temporary, path: this.#path(copy.sha256) }], { onStep: this.#onStep });
      }
    } catch (error) {
      await unlink(copy.temporary).catch(() => {});
      throw error;
    }
    return { sha256: copy.sha256, bytes: copy.bytes };
  }

  async verify(sha256: string): Promise<'ok' | 'missing' | 'corrupt'> {
    try {
      return (await sha256OfStream(this.stream(sha256))) === sha256 ? 'ok' : 'corrupt';
    } catch (error) {
      if (error instanceof SpoorError) return 'missing';
      // The disk cannot give the bytes back (EIO), or something else stands in their place (EISDIR).
      return 'corrupt';
    }
  }

  async *list(): AsyncIterable<StoredObject> {
    for (const fanOut of await this.#fanOuts()) {
      for (const sha256 of (await readdir(join(this.#directory, fanOut))).sort()) {
        if (!isSha256(sha256) || !sha256.startsWith(fanOut)) continue;
        const bytes = await this.#size(sha256);
        if (bytes !== null) yield { sha256, bytes };
      }
    }
  }

  /** Removes what dead writers left behind more than a day ago. Returns how many files that were. */
  async sweepTemporary(now = Date.now()): Promise<number> {
    const directories = ['', ...(await this.#fanOuts())].map((name) => join(this.#directory, name));
    let removed = 0;
    for (const directory of directories) {
      removed += await sweepDirectory(directory, now).catch((error) => {
        if (errorCode(error) === 'ENOENT') return 0;
        throw error;
      });
    }
    return removed;
  }

  async #fanOuts(): Promise<string[]> {
    const names = await readdir(this.#directory).catch((error) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => /^[0-9a-f]{2}$/.test(name)).sort();
  }

  async #find(sha256: string): Promise<{ size: number; settled: boolean } | null> {
    try {
      const { size, ctimeMs } = await stat(this.#path(sha256));
      return { size, settled: Math.abs(Date.now() - ctimeMs) > settledAfter };
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
      throw error;
    }
  }

  async #size(sha256: string): Promise<number | null> {
    return (await this.#find(sha256))?.size ?? null;
  }

  /** Makes the fan-out directories of these names, or prefixes of names, durably. */
  async #prepare(names: readonly string[]): Promise<void> {
    const wanted = new Set(names.map((name) => this.#fanOut(name)).filter((path) => !this.#prepared.has(path)));
    if (wanted.size === 0) return;
    await makeDirectory(this.#directory);
    for (const directory of wanted) {
      await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error) => {
        throw cannotWrite(directory, error);
      });
    }
    await syncDirectory(this.#directory);
    for (const directory of wanted) this.#prepared.add(directory);
  }

  #fanOut(sha256: string): string {
    return join(this.#directory, sha256.slice(0, 2));
  }

  #path(sha256: string): string {
    if (!isSha256(sha256)) throw new SpoorError('usage', 'not-a-hash', `"${sha256}" is no SHA-256 in hex`);
    return join(this.#fanOut(sha256), sha256);
  }
}
