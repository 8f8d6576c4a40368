/** The dataset after launch: images are hashed and kept, and what changed meanwhile is said. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode, errorText } from '../../model/errors.ts';
import type { DatasetState, Warning } from '../../model/facts.ts';
import type { LaterWork } from '../../model/later.ts';
import type { HashCache, HashCaches, ObjectStore } from '../../model/ports.ts';
import { sha256OfHandle } from './hash-handle.ts';
import { KeepingRoom } from './keeping.ts';
import { fileSystemPath } from './listing.ts';
import { type DraftFile, manifestBytes, parseDraft } from './manifest.ts';
import { sameStamp } from './read-text.ts';
import { cacheKey } from './scan.ts';
import { cacheName, datasetState } from './state.ts';

export interface FinishRequest {
  work: Extract<LaterWork, { kind: 'dataset' }>;
  objects: ObjectStore;
  caches: HashCaches;
}

export interface FinishedDataset {
  dataset: DatasetState;
  warnings: Warning[];
}

/** Milliseconds after which what was learned is saved, so that a crash costs little: the whole table is written. */
const betweenSaves = 10_000;
/** Small images wait for the disk, which gathers the flushes of many into few. */
const atOnce = 16;

/**
 * Doing it again, also after a crash in the middle, gives the same. Throws only what the object store
 * throws for a draft that is not there, or for a manifest that cannot be written.
 */
export async function finishDataset({ work, objects, caches }: FinishRequest): Promise<FinishedDataset> {
  const { roots } = work.dataset;
  const files = parseDraft(await objects.get(work.draft));
  const cache = await caches.open(cacheName(roots));
  const finishing = new Finishing(work, objects, cache, files);
  await finishing.run();
  const { sha256: manifest } = await objects.put(manifestBytes(files));
  cache.remembered = manifest;
  await cache.save();
  const { omitted, omittedMore } = work.dataset;
  return { dataset: datasetState(roots, files, manifest, omitted, omittedMore), warnings: finishing.warnings() };
}

class Finishing {
  readonly #roots: DatasetState['roots'];
  readonly #objects: ObjectStore;
  readonly #cache: HashCache;
  readonly #files: readonly DraftFile[];
  readonly #room: KeepingRoom;
  readonly #changed: string[] = [];
  readonly #unreadable: string[] = [];
  #notKept: string | null = null;
  #overLimit = 0;
  readonly #limit: number;

  constructor(work: FinishRequest['work'], objects: ObjectStore, cache: HashCache, files: readonly DraftFile[]) {
    this.#roots = work.dataset.roots;
    this.#objects = objects;
    this.#cache = cache;
    this.#files = files;
    this.#limit = work.keepBytes;
    this.#room = new KeepingRoom(work.keepBytes, files);
  }

  async run(): Promise<void> {
    // Looked up, so that the cache does not take them for files that are gone.
    for (const file of this.#files) this.#cache.get(cacheKey(this.#pathOf(file)), file.stamp);
    let next = 0;
    let saved = performance.now();
    const worker = async () => {
      while (next < this.#files.length) {
        const index = next++;
        await this.#finish(this.#files[index]!);
        if (performance.now() - saved < betweenSaves) continue;
        saved = performance.now();
        await this.#cache.save();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  warnings(): Warning[] {
    const warnings: Warning[] = [];
    if (this.#changed.length > 0) {
      warnings.push({
        code: 'dataset-changed',
        message: `${filesOf(this.#changed)} of the dataset changed after the start, before being hashed: ${someOf(this.#changed)}`,
        hint: 'What the trainer read of them is unknown. Edit a dataset only while nothing trains on it.',
      });
    }
    if (this.#unreadable.length > 0) {
      warnings.push({
        code: 'dataset-unreadable',
        message: `${filesOf(this.#unreadable)} of the dataset cannot be read: ${someOf(this.#unreadable)}`,
        hint: 'Give yourself the right to read them.',
      });
    }
    if (this.#overLimit > 0) {
      warnings.push({
        code: 'images-over-limit',
        message: `${this.#overLimit} images are recorded by hash only: the limit of ${this.#limit} bytes a dataset is reached`,
        hint: 'Raise the limit if the images themselves must be restorable.',
      });
    }
    if (this.#notKept !== null) {
      warnings.push({ code: 'images-not-kept', message: `images could not be kept: ${this.#notKept}`, hint: null });
    }
    return warnings;
  }

  async #finish(file: DraftFile): Promise<void> {
    const path = this.#pathOf(file);
    if (file.sha256 !== null && file.hashedAtNs !== null) this.#learn(path, file, file.hashedAtNs);
    // What a run before this one kept, or what was made durable with the draft.
    if (file.object !== null) return;
    if (file.sha256 !== null && (await this.#isStored(file))) return;
    if (file.sha256 !== null && !this.#room.has(file)) {
      this.#overLimit++;
      return;
    }
    let handle: FileHandle | null = null;
    try {
      handle = await openAs(path, file);
      if (handle === null || !(await this.#read(handle, path, file))) this.#changed.push(file.path);
    } catch (error) {
      (isGone(error) ? this.#changed : this.#unreadable).push(file.path);
    } finally {
      await handle?.close();
    }
  }

  #pathOf(file: DraftFile): string | Buffer {
    return fileSystemPath(this.#roots[file.root]!.path, file.at);
  }

  async #isStored(file: DraftFile): Promise<boolean> {
    if (!(await this.#objects.has(file.sha256!).catch(() => false))) return false;
    file.object = file.sha256;
    if (file.kind === 'image') this.#room.take(file.sha256!, file.bytes);
    return true;
  }

  /** @returns false if the file is not, or did not stay, what it was at launch */
  async #read(handle: FileHandle, path: string | Buffer, file: DraftFile): Promise<boolean> {
    const atNs = BigInt(Date.now()) * 1_000_000n;
    const kept = this.#room.has(file) ? await this.#keep(handle, path, file) : null;
    if (kept === null && this.#notKept === null && file.kind === 'image') this.#overLimit++;
    const sha256 = kept ?? (await sha256OfHandle(handle));
    if (!sameStamp(await handle.stat({ bigint: true }), file.stamp)) return false;
    if (file.sha256 !== null && file.sha256 !== sha256) return false;
    file.sha256 = sha256;
    file.object = kept;
    this.#learn(path, file, atNs);
    return true;
  }

  /** Copies the open file itself where the system can name it, so that nothing can take its place meanwhile. */
  async #keep(handle: FileHandle, path: string | Buffer, file: DraftFile): Promise<string | null> {
    // Reserved before waiting: others are at work at the same time.
    const reserved = `${file.root}/${file.path}`;
    if (file.kind === 'image') this.#room.take(reserved, file.bytes);
    try {
      const source = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path.toString();
      const { sha256, bytes } = await this.#objects.putFile(source);
      if (file.kind === 'image') this.#room.exchange(reserved, sha256, bytes);
      return sha256;
    } catch (error) {
      this.#notKept ??= errorText(error);
      return null;
    }
  }

  #learn(path: string | Buffer, file: DraftFile, atNs: bigint): void {
    const hash = { sha256: file.sha256!, sha1: null, tensorSha256: null };
    this.#cache.set(cacheKey(path), file.stamp, hash, atNs);
  }
}

/** The file if it is still the one that stood there at launch. @throws system errors of opening */
async function openAs(path: string | Buffer, { stamp }: DraftFile): Promise<FileHandle | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = await handle.stat({ bigint: true });
  if (found.isFile() && sameStamp(found, stamp)) return handle;
  await handle.close();
  return null;
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(errorCode(error) ?? '');
}

function someOf(paths: readonly string[]): string {
  return `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ', …' : ''}`;
}

function filesOf(paths: readonly string[]): string {
  return paths.length === 1 ? '1 file' : `${paths.length} files`;
}
