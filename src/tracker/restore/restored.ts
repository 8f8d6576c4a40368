import type { FileRole } from '../../model/facts.ts';
import type { RunId } from '../../model/run-id.ts';

/** Something of a run that does not stand in the restored directory as it was. */
export interface NotRestored {
  /** `secret`: it was never kept, only its hash. `model`: it is not part of a restored run, yet the run needs it. */
  kind: 'code' | 'file' | 'image' | 'caption' | 'metadata' | 'dataset' | 'model' | 'secret' | 'checkpoint';
  /** Where it would stand below the directory; of a model, where the run looks for it. */
  path: string;
  reason: string;
  sha256: string | null;
  bytes: number | null;
}

/** What `restoreRun` made. Paths without a directory in front are below `into`. */
export interface Restored {
  run: RunId;
  name: string;
  /** Absolute. */
  into: string;
  /** `repository`: whether it is a git repository at the head of then, with its history. */
  repos: { name: string; path: string; from: string; head: string | null; repository: boolean }[];
  files: { role: FileRole; path: string; from: string; sha256: string | null }[];
  /** `found`: files whose bytes were not kept and stood elsewhere. */
  /** Only where they were asked for. */
  checkpoints: { path: string; from: string; step: number | null; epoch: number | null; sha256: string | null }[];
  dataset: { path: string; files: number; found: number } | null;
  /** As `command.sh` starts it there; secrets as `[redacted …]`. */
  command: string[];
  cwd: string;
  missing: NotRestored[];
}
