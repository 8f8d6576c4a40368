/** Bytes that Spoor did not keep, found again by their hash wherever they stand. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, rm, stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { loadRun } from '../load-run.ts';
import { readManifest } from './manifest.ts';

/** How long the records of other runs are searched for places. */
const patienceMs = 10_000;

export class FoundContent {
  readonly #home: Home;
  readonly #run: RunId;
  #others: Promise<Map<string, Buffer[]>> | null = null;

  /** @param run the one that is restored: its own places are named with each file */
  constructor(home: Home, run: RunId) {
    this.#home = home;
    this.#run = run;
  }

  /**
   * Copies the file with this hash to a new path, sharing its blocks where the file system can. Never a
   * link: what the trainer or its user does to one must not happen to the other.
   * @param places where it stood; after them the places of other runs' datasets
   */
  async copy(sha256: string, places: readonly Buffer[], to: Buffer): Promise<boolean> {
    if (await this.copyFrom(sha256, places, to)) return true;
    this.#others ??= this.#placesOfOthers();
    for (const from of (await this.#others).get(sha256) ?? []) if (await copyIfSame(from, to, sha256)) return true;
    return false;
  }

  /** As `copy`, of these places alone. */
  async copyFrom(sha256: string, places: readonly Buffer[], to: Buffer): Promise<boolean> {
    for (const from of places) if (await copyIfSame(from, to, sha256)) return true;
    return false;
  }

  async #placesOfOthers(): Promise<Map<string, Buffer[]>> {
    const places = new Map<string, Buffer[]>();
    const read = new Set<string>();
    const until = performance.now() + patienceMs;
    const ids = (await this.#home.runs.list().catch(() => [])).filter((id) => id !== this.#run).reverse();
    for (const id of ids) {
      if (performance.now() > until) break;
      await nextTurn();
      const dataset = (await loadRun(this.#home, id).catch(() => null))?.dataset;
      if (!dataset?.manifest || read.has(dataset.manifest)) continue;
      read.add(dataset.manifest);
      for (const { root, parts, sha256 } of (await readManifest(this.#home.objects, dataset.manifest)) ?? []) {
        const top = dataset.roots[root]?.path;
        if (sha256 === null || top === undefined) continue;
        places.set(sha256, [...(places.get(sha256) ?? []), pathOf(top, parts)]);
      }
    }
    return places;
  }
}

export function pathOf(directory: string, parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(directory), ...parts.flatMap((part) => [Buffer.from('/'), part])]);
}

/** The copy is what is hashed: the original may change meanwhile. */
async function copyIfSame(from: Buffer, to: Buffer, sha256: string): Promise<boolean> {
  const found = await stat(from).catch(() => null);
  if (!found?.isFile()) return false;
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return false;
    throw error;
  }
  const handle = await open(to, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk);
    if (hash.digest('hex') === sha256) {
      await handle.chmod((found.mode & 0o111) === 0 ? 0o644 : 0o755);
      return true;
    }
  } finally {
    await handle.close();
  }
  await rm(to);
  return false;
}
