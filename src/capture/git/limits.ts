/** What one capture of a repository may take. */
export interface CodeLimits {
  /** A tracked file that is larger is recorded by name, size and hash. */
  trackedFileBytes: number;
  /** The same for an untracked file. */
  untrackedFileBytes: number;
  /** An ignored source or configuration file that is larger is left out. */
  ignoredFileBytes: number;
  /** How many untracked and ignored files are kept, and how many entries are looked at in ignored directories. */
  files: number;
  /** Bytes of untracked and ignored files together. */
  bytes: number;
  /** How long git may take before launch, each step; what is not done by then is said to be missing. */
  milliseconds: number;
}

export const codeLimits: CodeLimits = {
  trackedFileBytes: 256 * 1024 * 1024,
  untrackedFileBytes: 20 * 1024 * 1024,
  ignoredFileBytes: 1024 * 1024,
  files: 10_000,
  bytes: 512 * 1024 * 1024,
  milliseconds: 15_000,
};

/** Listed per repository in the record; the snapshot holds all that is kept. */
export const mostChangedPaths = 1000;
export const mostOmitted = 1000;
/** Repositories inside repositories. */
export const mostNested = 200;
export const deepestNesting = 8;
