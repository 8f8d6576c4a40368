/** What capture, follow and the tracker need of the world, for the stores to provide. */
import type { Fact, Told } from './facts.ts';
import type { RunId } from './run-id.ts';

/** An object's hashes and size. */
export interface StoredObject {
  sha256: string;
  bytes: number;
}

/**
 * Content-addressed bytes. `put` and `putFile` return only when the bytes are durable: temp, fsync,
 * rename, fsync of the directory, read-only. Putting what is there already costs a look-up.
 */
export interface ObjectStore {
  has(sha256: string): Promise<boolean>;
  /** Throws ENOENT-coded errors as SpoorError `object-missing`. The bytes are not verified; `verify` does. */
  get(sha256: string): Promise<Uint8Array>;
  stream(sha256: string): AsyncIterable<Uint8Array>;
  put(content: Uint8Array): Promise<StoredObject>;
  /** Many at once with one pass of durability: all are durable when it returns. */
  putAll(contents: readonly Uint8Array[]): Promise<StoredObject[]>;
  /**
   * Copies a file in, by reflink where the file system can, hashing the copy.
   * Fails with `changed-while-read` if `expect` is given and the copy has another hash.
   */
  putFile(path: string, expect?: string): Promise<StoredObject>;
  /** Hashes what is stored and compares with the name. */
  verify(sha256: string): Promise<'ok' | 'missing' | 'corrupt'>;
  list(): AsyncIterable<StoredObject>;
}

/** Appends stamped facts to one file of one run; durable after `flush`. */
export interface FactLog {
  append(...facts: Told[]): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The folders under `runs/`. */
export interface RunFolders {
  path(id: RunId): string;
  list(): Promise<RunId[]>;
  /** Every run, in order of ids, with a text that differs whenever its facts may have changed. */
  stamps(): Promise<Map<RunId, string>>;
  /** The same of one run; null where there is none. */
  stamp(id: RunId): Promise<string | null>;
  /** All facts of a run in order of time, from all its files; torn and foreign lines are left out and counted. */
  facts(id: RunId): Promise<{ facts: Fact[]; unreadable: number }>;
}

/**
 * Remembers hashes of files by (path, size, mtime, ctime, inode, device), obeying git's racy rule: an
 * entry whose file was modified within the clock's grain of the moment it was hashed is not trusted.
 */
export interface HashCache {
  get(path: string, stat: FileStamp): CachedHash | null;
  set(path: string, stat: FileStamp, hash: CachedHash, hashedAtNs: bigint): void;
  /** SHA-256 of an object that its user wants to find again beside the hashes: a dataset's last manifest. */
  remembered: string | null;
  save(): Promise<void>;
}

/** A hash cache for each thing that has its own files, by a name of any kind (a directory's path). */
export interface HashCaches {
  /** Never fails: a cache that is missing, damaged or unreadable is empty. */
  open(name: string): Promise<HashCache>;
}

/** What of `lstat` with `bigint: true` tells one version of a file from another. */
export interface FileStamp {
  size: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
  ino: bigint;
  dev: bigint;
}

export interface CachedHash {
  sha256: string;
  sha1: string | null;
  tensorSha256: string | null;
}
