import type {
  Artifact,
  DatasetState,
  DatasetTold,
  Diagnosis,
  EnvironmentState,
  FactOf,
  FileState,
  ImageFacts,
  ImportedFrom,
  LateCapture,
  MachineUse,
  Notified,
  PlacedEntry,
  Preview,
  ProcessIdentity,
  Progress,
  RepoState,
  RunEvent,
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
  /** What it goes on from; null for a training that begins anew. */
  resumed: Pick<FactOf<'resumed'>, 'state' | 'run' | 'step' | 'epoch'> | null;
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
  artifacts: MadeArtifact[];
  /** Places of the run that a person likes, by step. */
  stars: Star[];
  /** Judged without names against other runs. */
  blindTests: BlindTest[];
  progress: Progress | null;
  series: Series[];
  /** What it took of its machine; null where nothing was measured. */
  machine: MachineUse | null;
  notes: Note[];
  tags: string[];
  /** What a person says of it, and why. */
  verdict: VerdictValue | null;
  verdictWhy: string | null;
  /** What became of the output directory of a run that failed; null where cleaning had nothing to do. */
  cleaned: Cleaned | null;
  /** What happened that people are told of at once, in order of time. */
  events: HappenedEvent[];
  /** What became of each message, in order of time. */
  notified: SentMessage[];
  warnings: Warning[];
}

export type HappenedEvent = RunEvent & { at: string };
export type SentMessage = Notified & { at: string };

/** A file that the run made, with what became of it; the optional ones are absent where there is nothing to tell. */
export interface MadeArtifact extends Artifact {
  preview?: Preview;
  image?: ImageFacts;
  /** Object that holds its bytes. */
  object?: string;
  /** `spoor prune` took it away. */
  removed?: Removed;
  /** Of a sample: what was asked for. */
  prompted?: Prompted;
}

export interface Removed {
  at: string;
  reason: string;
  /** Where it lies in the trash; null where it was deleted. */
  trash: string | null;
}

/** The prompt that was in force when a sample was made, as the trainer reads it. */
export interface Prompted {
  prompt: string | null;
  negative: string | null;
  width: number | null;
  height: number | null;
  steps: number | null;
  scale: number | null;
  sampler: string | null;
  seed: number | null;
  /** `prompts`: by the prompts file of then; `image`: the image itself tells. */
  by: 'prompts' | 'image';
  /** SHA-256 of the prompts file. */
  version?: string;
  /** The prompts file that lies there now, of an import: nothing proves that it was used. */
  certainty?: 'guessed';
}

/** How often samples of this run were preferred to those of another, by who did not know which were which. */
export interface BlindTest {
  against: RunId;
  won: number;
  lost: number;
  ties: number;
  at: string;
  /** Its name, by which it is kept once; absent in records of before. */
  test?: string;
}

/** A step or epoch that a person likes; one of them is known. */
export interface Star {
  step: number | null;
  epoch: number | null;
  at: string;
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

/** What somebody wrote of a run, as it was said last. */
export interface Note {
  /** 12 hex digits. */
  id: string;
  /** When it was first written. */
  at: string;
  text: string;
  /** When it got this text; null where it has its first one. */
  editedAt: string | null;
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
  /** What is copied of what the run makes; null in records that do not say. */
  keep: FactOf<'run.created'>['keep'] | null;
  /** What Spoor wrote into the output directory, by name. */
  placed: Map<string, PlacedEntry>;
  /** What was planned and found of the output directory at launch. */
  outputs: Pick<FactOf<'outputs'>, 'plan' | 'before'> | null;
  /** Absolute paths of event files that are known to be the run's. */
  eventFiles: string[];
  spoor: string;
}
