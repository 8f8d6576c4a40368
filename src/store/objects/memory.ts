import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { SpoorError } from '../../model/errors.ts';
import type { ObjectStore, StoredObject } from '../../model/ports.ts';
import { notAFile, objectMissing } from './object.ts';

/** Objects that last as long as the process: for tests, and for looking at a run without keeping it. */
export class MemoryObjects implements ObjectStore {
  readonly #objects = new Map<string, Uint8Array>();

  async has(sha256: string): Promise<boolean> {
    return this.#objects.has(sha256);
  }

  async get(sha256: string): Promise<Uint8Array> {
    const content = this.#objects.get(sha256);
    if (!content) throw objectMissing(sha256);
    return new Uint8Array(content);
  }

  async *stream(sha256: string): AsyncIterable<Uint8Array> {
    yield await this.get(sha256);
  }

  async put(content: Uint8Array): Promise<StoredObject> {
    const sha256 = hash('sha256', content, 'hex');
    // A Buffer's slice would share its memory.
    this.#objects.set(sha256, new Uint8Array(content));
    return { sha256, bytes: content.length };
  }

  async putAll(contents: readonly Uint8Array[]): Promise<StoredObject[]> {
    return Promise.all(contents.map((content) => this.put(content)));
  }

  async putFile(path: string, expect?: string): Promise<StoredObject> {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) throw notAFile(path);
      const content = await file.readFile();
      const sha256 = hash('sha256', content, 'hex');
      if (expect !== undefined && sha256 !== expect) {
        throw new SpoorError('busy', 'changed-while-read', `${path} changed while it was copied`);
      }
      return await this.put(content);
    } finally {
      await file.close();
    }
  }

  async verify(sha256: string): Promise<'ok' | 'missing' | 'corrupt'> {
    const content = this.#objects.get(sha256);
    if (!content) return 'missing';
    return hash('sha256', content, 'hex') === sha256 ? 'ok' : 'corrupt';
  }

  async *list(): AsyncIterable<StoredObject> {
    for (const sha256 of [...this.#objects.keys()].sort()) {
      yield { sha256, bytes: (this.#objects.get(sha256) as Uint8Array).length };
    }
  }
}
