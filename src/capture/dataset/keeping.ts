import type { ManifestFile } from './manifest.ts';

/** Bytes of a dataset's images that are kept, unless the user says otherwise. */
export const defaultKeepBytes = 2_000_000_000;

/** How much room is left within a dataset's limit; equal images count once, captions not at all. */
export class KeepingRoom {
  readonly #kept = new Set<string>();
  #left: number;

  constructor(limit: number, files: readonly ManifestFile[]) {
    this.#left = limit;
    for (const { kind, object, bytes } of files) if (kind === 'image' && object !== null) this.take(object, bytes);
  }

  has({ kind, sha256, bytes }: ManifestFile): boolean {
    return kind !== 'image' || bytes <= this.#left || (sha256 !== null && this.#kept.has(sha256));
  }

  take(sha256: string, bytes: number): void {
    if (this.#kept.has(sha256)) return;
    this.#kept.add(sha256);
    this.#left -= bytes;
  }

  /** What was reserved under another name turned out to be this; what is kept twice gives its room back. */
  exchange(reserved: string, sha256: string, bytes: number): void {
    this.#kept.delete(reserved);
    if (this.#kept.has(sha256)) this.#left += bytes;
    this.#kept.add(sha256);
  }
}
