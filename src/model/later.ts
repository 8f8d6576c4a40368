/**
 * Work that is done after the trainer has started: planned before launch, written down beside the
 * run, carried out by the recorder at idle priority or, after a crash, by whoever reconciles.
 */
import type { DatasetState, FileState, RepoState } from './facts.ts';

/** A file's stamp as decimal strings, so that it survives JSON. */
export interface StampText {
  size: string;
  mtimeNs: string;
  ctimeNs: string;
  ino: string;
  dev: string;
}

export type LaterWork =
  /** Hash a large file that the configuration names. */
  | { kind: 'hash-file'; file: FileState; stamp: StampText }
  /** Hash (and keep) the images; `draft` is the object holding the manifest so far. */
  | { kind: 'dataset'; dataset: DatasetState; draft: string; keepBytes: number }
  /** Bring the commits that lead to `head` from the user's repository into Spoor's own. */
  | { kind: 'history'; code: string; gitDirectory: string; head: string }
  /** Place HEAD among the commits, hash what a snapshot left out, look for secrets in what it holds; then tell the repository again. */
  | { kind: 'repository'; repository: RepoState; unhashed: UnhashedFile[]; standing: Standing | null };

/** Two commits, as they were at launch: what lies between them does not change. */
export interface Standing {
  /** The user's common git directory. */
  gitDirectory: string;
  head: string;
  /** Null where the branch follows none. */
  followed: string | null;
}

/** `index` is its place in `omitted`, `name` its path below the repository with one character a byte. */
export interface UnhashedFile {
  index: number;
  name: string;
  stamp: StampText;
}

/** What a capture hands over: facts to journal, bytes to make durable before them, and work for later. */
export interface Captured<F> {
  facts: F[];
  blobs: Uint8Array[];
  later: LaterWork[];
}
