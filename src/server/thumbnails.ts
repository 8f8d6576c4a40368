/** Pictures made small, once: by the image library in its own process, kept in the cache of the home. */
import { hash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoorError } from '../model/errors.ts';
import { temporaryName } from '../store/temporary.ts';
import type { Recording } from '../tracker/request.ts';
import { oneByOne } from './guard/gate.ts';

export class Thumbnails {
  readonly #images: Recording['images'];
  readonly #directory: string;
  readonly #turn = oneByOne();
  /** What no thumbnail can be made of is not tried again. */
  readonly #hopeless = new Set<string>();

  constructor({ home, images }: Recording) {
    this.#images = images;
    this.#directory = join(home.cacheDirectory, 'thumbnails');
  }

  /**
   * WebP of at most 512 pixels; null where none can be made.
   * @param key tells this picture from every other version of it
   */
  async of(key: string, read: () => Promise<Uint8Array>): Promise<Uint8Array<ArrayBuffer> | null> {
    const name = hash('sha256', key, 'hex');
    const path = join(this.#directory, name.slice(0, 2), `${name}.webp`);
    const known = () => readFile(path).catch(() => null);
    const found = await known();
    if (found || this.#images === undefined || this.#hopeless.has(name)) return found;
    return this.#turn.through(async () => (await known()) ?? this.#make(name, path, await read()));
  }

  async #make(name: string, path: string, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const { webp } = await this.#images!.preview(bytes);
      // What the cache cannot take is made again the next time.
      await this.#keep(path, webp).catch(() => {});
      return new Uint8Array(webp);
    } catch (error) {
      if (!(error instanceof SpoorError)) throw error;
      if (error.code === 'image-unreadable') this.#hopeless.add(name);
      return null;
    }
  }

  async #keep(path: string, webp: Uint8Array): Promise<void> {
    const directory = join(path, '..');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const draft = join(directory, temporaryName());
    await writeFile(draft, webp, { mode: 0o600 });
    await rename(draft, path);
  }
}

/** A picture made small as an answer, which never changes under its tag. */
export function smallPicture(webp: Uint8Array<ArrayBuffer>, tag: string, known: string | undefined): Response {
  const etag = `"${tag}-small"`;
  const headers = { etag, 'cache-control': 'private, max-age=31536000, immutable', 'content-type': 'image/webp' };
  return known === etag ? new Response(null, { status: 304, headers }) : new Response(webp, { headers });
}
