/** What capture needs of Spoor's own repositories, and of git itself. */

/** Options of one git process. It sees no configuration but that of `gitDirectory`, and no variable but these. */
export interface GitOptions {
  /** Absolute; whose configuration git obeys. */
  gitDirectory: string;
  /** Directory the process stands in; the work tree, else the git directory, if not given. */
  directory?: string;
  workTree?: string;
  indexFile?: string;
  input?: Uint8Array;
  /** More variables; undefined takes one away. */
  variables?: Record<string, string | undefined>;
  /** The process is killed after this; default 60 s. */
  milliseconds?: number;
  /** At the lowest priority. */
  idle?: boolean;
}

export interface GitResult {
  /** Exit status; null if git did not end by itself. */
  status: number | null;
  stdout: Buffer;
  /** At most 64 KiB. */
  stderr: string;
  /** Why there is no status. */
  failure: 'missing' | 'timeout' | 'too-much-output' | 'killed' | null;
}

export type RunGit = (args: readonly string[], options: GitOptions) => Promise<GitResult>;

/** Hash of a repository's object names. */
export type ObjectFormat = 'sha1' | 'sha256';

/** Spoor's own bare repository that holds the snapshots of one work tree. */
export interface OwnRepository {
  /** `<slug>-<12 hex digits>`, with `-sha256` after it where that is the format. */
  code: string;
  gitDirectory: string;
  format: ObjectFormat;
}

export interface CodePort {
  git: RunGit;
  /** Finds or makes the repository for a work tree. Errors: `cannot-write`. */
  open(topDirectory: string, format: ObjectFormat): Promise<OwnRepository>;
  /**
   * Path of a private index of one run, which holds what the last durable snapshot of that repository
   * held (a warm stat cache), or does not exist. `makeDurable` puts it back.
   */
  takeIndex(own: OwnRepository, run: string): Promise<string>;
  /** Whether an object is there, loose; one in a pack is not looked for. */
  holds(own: OwnRepository, object: string): boolean;
  /** Writes a commit, not yet durable. @returns its name. Errors: `cannot-write`. */
  writeCommit(own: OwnRepository, content: string): Promise<string>;
  /** Makes an empty directory that the caller removes. */
  scratch(): Promise<string>;
}
