import type {
  Artifact,
  DatasetState,
  DatasetTold,
  Diagnosis,
  EnvironmentState,
  FactOf,
  FileState,
  ImportedFrom,
  LateCapture,
  PlacedEntry,
  ProcessIdentity,
  Progress,
  RepoState,
  RunName,
  RunStatus,
  Series,
  Setting,
  VerdictValue,
  Warning,
  Wrapper,
} from './facts.ts';
import type { RunId } from './run-id.ts';

/** A run as its facts tell it: what `spoor show --json` prints. Instants are UTC, ISO 8601; sizes are bytes. */
export interface Run {
  id: RunId;
  name: RunName;
  /** Runs of one family are versions of each other. */
  family: string;
  status: RunStatus;
  exitCode: number | null;
  signal: string | null;
  reason: string | null;
  parent: RunId | null;
  startedAt: string;
  endedAt: string | null;
  /** Null where Spoor started the trainer and read everything before. */
  late: LateCapture | null;
  /** Null where it was recorded; else `at` is when it was imported. */
  imported: (ImportedFrom & { at: string }) | null;
  command: string[];
  cwd: string;
  host: string;
  outputDir: string | null;
  trainer: string | null;
  wrappers: Wrapper[];
  settings: Setting[];
  repos: Repo[];
  files: FileState[];
  dataset: DatasetState | null;
  /** What a model's header tells of the dataset; null where nothing is told. */
  datasetTold: DatasetTold | null;
  environment: EnvironmentState | null;
  diagnosis: Diagnosis | null;
  artifacts: Artifact[];
  progress: Progress | null;
  series: Series[];
  notes: Note[];
  tags: string[];
  /** What a person says of it, and why. */
  verdict: VerdictValue | null;
  verdictWhy: string | null;
  /** What became of the output directory of a run that failed; null where cleaning had nothing to do. */
  cleaned: Cleaned | null;
  warnings: Warning[];
}

export interface Repo extends RepoState {
  /** Whether Spoor holds the commits that lead to `head`. */
  history: boolean;
}

export interface Cleaned {
  /** `deleted`: the trash was emptied. */
  state: 'removed' | 'kept' | 'restored' | 'deleted';
  at: string;
  /** Where it stood, or stands. */
  directory: string;
  /** Where it lies now, if it is in the trash. */
  trash: string | null;
  /** Why it was removed or kept. */
  reason: string;
  /** How much was removed. */
  files: number | null;
  bytes: number | null;
}

export interface Note {
  at: string;
  text: string;
}

/** A run with what only the recorder and the reconciler need. */
export interface RecordedRun {
  run: Run;
  waiter: ProcessIdentity | null;
  /** Whether all that was read before launch is durable. */
  captured: boolean;
  /** Lines of its files that could not be read as facts. */
  unreadable: number;
  mode: 'attached' | 'detached' | 'pty';
  outputDirExisted: boolean;
  /** Whether the output directory may be cleaned by itself after a failure; null in records that do not say. */
  clean: boolean | null;
  /** What Spoor wrote into the output directory, by name. */
  placed: Map<string, PlacedEntry>;
  /** What was planned and found of the output directory at launch. */
  outputs: Pick<FactOf<'outputs'>, 'plan' | 'before'> | null;
  spoor: string;
}
