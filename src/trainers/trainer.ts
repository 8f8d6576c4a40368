/**
 * What Spoor knows of a trainer: one object of this shape in one file a trainer. Everything here is
 * pure: text and parsed values in, facts out. Facts about the trainers are in docs/trainers.md.
 */
import type { ConfigFile } from '../model/config-file.ts';
import type {
  ConfigValue,
  DatasetState,
  Diagnosis,
  FileRole,
  FileState,
  Measured,
  OutputPlan,
  Progress,
  RunStatus,
  Series,
  Setting,
  Warning,
  Wrapper,
} from '../model/facts.ts';

/** A command line seen through: what runs, in what, beneath which wrappers. */
export interface Invocation {
  /** The whole command as given. */
  argv: readonly string[];
  /** Absolute directory the trainer starts in (wrappers such as `env -C` considered). */
  cwd: string;
  /** Outermost first. */
  wrappers: Wrapper[];
  /** Variables set on the way (`env A=b`), to be laid over the caller's. */
  variables: Record<string, string | null>;
  /** `env -i`: the caller's variables do not reach the trainer. */
  clearedEnvironment: boolean;
  /** The Python that is asked for (`python`, `/opt/venv/bin/python3`); null when it is not Python or not said. */
  interpreter: string | null;
  /** The program that starts the trainer, as given (`/opt/venv/bin/accelerate`, `python`, `true`): its environment is the trainer's. */
  program: string | null;
  /** Environment named by `conda run -n NAME` or `-p PREFIX`. */
  condaEnvironment: string | null;
  /** Directory of the project whose environment `uv run` or `poetry run` uses. */
  projectEnvironment: { tool: 'uv' | 'poetry'; directory: string | null } | null;
  /** Script as given (relative to cwd), or null with `-m` and for other programs. */
  script: string | null;
  module: string | null;
  /** The trainer's own arguments. */
  arguments: string[];
  /** Options of `accelerate launch` by their long name with underscores, and the file of `--config_file`. */
  accelerate: { options: Record<string, string | true>; configFile: string | null } | null;
}

/** The environment in which a launcher finds its default configuration. */
export interface Surroundings {
  /** The user's home directory; null where there is none. */
  home: string | null;
  /** The caller's variables. */
  variables: Readonly<Record<string, string | undefined>>;
}

/** A configuration file that is still to be read. */
export interface WantedFile {
  role: FileRole;
  /** The setting that names it. */
  key: string;
  /** Absolute. */
  path: string;
  /** It may be missing without harm (a launcher's default). */
  optional: boolean;
  /** Where its name does not say it. */
  format?: ConfigFile['format'];
}

export interface EffectiveConfiguration {
  /** In the trainer's own order of precedence, one entry a key. */
  settings: Setting[];
  warnings: Warning[];
  /** Files and directories that the settings name, resolved against cwd. */
  files: NamedFile[];
  datasets: NamedDataset[];
  outputs: OutputPlan;
}

export interface NamedFile {
  role: FileRole;
  key: string;
  /** Absolute; what reads like a Hugging Face repository id (`stabilityai/…`) stays as it is with `remote`; if it exists under `cwd` it is a path. */
  path: string;
  remote: boolean;
}

export interface NamedDataset {
  /** Absolute. */
  path: string;
  /** `given`: by the user, not by the configuration. */
  kind: 'train' | 'regularisation' | 'conditioning' | 'given';
  /** `folders`: `<repeats>_<class tokens>` inside it (DreamBooth's `train_data_dir`); `flat`: images directly inside. */
  layout: 'folders' | 'flat';
  repeats: number | null;
  classTokens: string | null;
  /** Null where the trainer has no such setting; empty where it reads no caption files (they stand in its metadata). */
  captionExtension: string | null;
}

/** A file or directory of the output directory, told by its name alone. */
export interface ArtifactName {
  kind: 'checkpoint' | 'sample' | 'state';
  step: number | null;
  epoch: number | null;
  prompt: number | null;
  seed: number | null;
  final: boolean;
}

/** What the log has told so far. */
export interface LogState {
  progress: Progress;
  /** Postfix values of the progress bar by tag (`loss/average`), one point a step. */
  series: Series[];
  /** Numbers the trainer announced: `total_steps`, `num_epochs`, `batch_size`, `num_processes`, …; `first_step` is where its bar's 0 stands. */
  announced: Record<string, number>;
  /** Paths in `saving checkpoint: …`, in order. */
  saved: string[];
  /** Paths in `removing old checkpoint: …`. */
  removed: string[];
  anchors: { trainingStarted: boolean; modelSaved: boolean; trainingFinished: boolean };
  /** Consecutive NaN losses at the end of what was read. */
  nanStreak: number;
  /** The losses (`loss/average`) of the last steps, oldest first, at most 64. */
  losses: Measured[];
  /** The last lines that are neither blank nor progress, at most 200, ANSI stripped. */
  tail: string[];
}

/** Takes the values of the progress bar, one point a step, as soon as the step is over. @param elapsed seconds that the bar had stood */
export type TakeBarPoint = (tag: string, step: number, elapsed: number, value: Measured) => void;

/** Takes the raw log in pieces of any size; the same text gives the same state however it is cut. */
export interface LogReader {
  push(chunk: Uint8Array): void;
  /** Nothing more will come: the last point of the bar is handed over. */
  end?(): void;
  /** A snapshot of the state; reading it changes nothing. */
  state(): LogState;
}

/** The losses themselves, not their average. */
export interface Losses {
  steps: number;
  /** Steps at the end whose loss was NaN. */
  nanStreak: number;
}

export interface Evidence {
  exitCode: number | null;
  signal: string | null;
  /** Someone asked for the stop (Ctrl-C, `spoor stop`, a signal to Spoor). */
  stopAsked: boolean;
  log: LogState;
  /** Out of event files; null where there are none. */
  losses: Losses | null;
  artifacts: ArtifactName[];
  settings: readonly Setting[];
  /** The kernel's OOM killer is known to have struck (cgroup `memory.events`), or null. */
  oomKilled: boolean | null;
}

export interface Judgement {
  status: Exclude<RunStatus, 'running'>;
  /** The trainer's own status where a launcher hid it. */
  childStatus: number | null;
  diagnosis: Diagnosis | null;
}

/** What a checkpoint's metadata confirms or contradicts. */
export interface Confirmation {
  key: string;
  predicted: ConfigValue;
  actual: ConfigValue;
  /** True where the prediction was wrong, not merely open (no seed given). */
  disagrees: boolean;
}

/** What is known before a start, for a look at what the configuration alone does not tell. */
export interface CheckSubject {
  settings: readonly Setting[];
  outputs: OutputPlan;
  files: readonly FileState[];
  dataset: DatasetState | null;
  /** Files and directories in the output directory that bear names of this run's. */
  standing: readonly { path: string; name: ArtifactName; bytes: number }[];
  /** Bytes free where the output will lie; null where nobody can tell. */
  freeBytes: number | null;
  /** Bytes of a checkpoint that an earlier run of the same shape saved; null where there is none. */
  checkpointBytes: number | null;
  /** What has been told already. */
  warnings: readonly Warning[];
}

/** `error`: the trainer would fail. `warning`: it would do something else than was meant, or do harm. */
export type Severity = 'error' | 'warning' | 'note';

export interface Finding extends Warning {
  severity: Severity;
}

export interface Trainer {
  /** `sd-scripts`, …; what `trainer` says in the record. */
  id: string;
  recognises(invocation: Invocation): boolean;
  /**
   * Configuration files still to be read, given those read so far (a config file may name a dataset
   * file). Called until it names nothing new; what could not be read is handed in with `value: null`.
   */
  wants(invocation: Invocation, read: readonly ConfigFile[], surroundings?: Surroundings): WantedFile[];
  effective(invocation: Invocation, read: readonly ConfigFile[]): EffectiveConfiguration;
  /** Whether the command takes an option `--key`; false where its options are not known. */
  knows(key: string, invocation: Invocation): boolean;
  /** What deserves a look before hours are spent, beyond the warnings of `effective`. */
  checks(subject: CheckSubject): Finding[];
  /** @param path relative to the output directory, `/` between parts */
  artifact(path: string, outputs: OutputPlan): ArtifactName | null;
  /**
   * Whether a file of this name is a log of the trainer's own (event files), which is worth nothing when
   * nothing was trained. What may be anyone's is not: it would keep a directory from being cleaned, which is safe.
   *
   * @param path relative to the output directory, `/` between parts
   */
  isOwnLog(path: string, outputs: OutputPlan): boolean;
  logReader(take?: TakeBarPoint): LogReader;
  judge(evidence: Evidence): Judgement;
  /** @param metadata the `__metadata__` of the first checkpoint */
  confirm(settings: readonly Setting[], metadata: Readonly<Record<string, string>>, log: LogState): Confirmation[];
}

export type { OutputPlan };
