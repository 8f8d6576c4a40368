import type {
  Artifact,
  DatasetState,
  Diagnosis,
  EnvironmentState,
  FactOf,
  FileState,
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
  warnings: Warning[];
}

export interface Repo extends RepoState {
  /** Whether Spoor holds the commits that lead to `head`. */
  history: boolean;
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
  /** What was planned and found of the output directory at launch. */
  outputs: Pick<FactOf<'outputs'>, 'plan' | 'before'> | null;
  spoor: string;
}
