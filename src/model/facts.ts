/**
 * The facts a run's folder holds, as schemas. A fact is one JSON line of `journal.jsonl` (written by
 * the recorder), `reconciliation.*.jsonl` (written by whoever found the recorder dead),
 * `notifications.*.jsonl` (written by whoever sends messages) or
 * `annotations.*.jsonl` (what people said). `docs/format.md` specifies the files.
 *
 * Types are inferred from the schemas; import them with `import type`, so that zod is loaded only
 * where facts are verified.
 */
import { z } from 'zod';
import { keptCheckpoints } from './settings.ts';

/** 64 lower-case hex digits. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** 40 lower-case hex digits. */
const sha1 = z.string().regex(/^[0-9a-f]{40}$/);
/** A git object name: SHA-1 or, in a SHA-256 repository, 64 digits. */
const objectName = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
/** UTC, ISO 8601 with milliseconds. */
const instant = z.iso.datetime();
const count = z.number().int().nonnegative();
/** Bytes. Sizes above 2^53 do not occur. */
const bytes = count;

/** A number that JSON can carry: NaN and infinities are the strings of the same name. */
export const measured = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export type Measured = z.infer<typeof measured>;

/** A secret that was not kept: the SHA-256 of its UTF-8 text stands for it. */
export const redacted = z.object({ redacted: sha256 });

/** A configuration value as the trainer sees it. 64-bit integers beyond 2^53 are decimal strings with `int:` before. */
export type ConfigValue =
  | string
  | number
  | boolean
  | null
  | z.infer<typeof redacted>
  | ConfigValue[]
  | { [key: string]: ConfigValue };
const configValue: z.ZodType<ConfigValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    redacted,
    z.array(configValue),
    z.record(z.string(), configValue),
  ]),
);

export const runName = z.object({
  /** The name as given or found. */
  full: z.string(),
  /** The parts of `{model}-{dataset}-v{version}s{steps}`, as far as the name has them. */
  model: z.string().nullable(),
  dataset: z.string().nullable(),
  version: z.string().nullable(),
  steps: z.number().nullable(),
});
export type RunName = z.infer<typeof runName>;

/** Where a configuration value came from. */
export const settingSource = z.object({
  kind: z.enum([
    'argument',
    'config-file',
    'dataset-config',
    'accelerate-config',
    'environment',
    'default',
    'confirmed',
    'metadata',
  ]),
  /** Absolute path, for files. */
  file: z.string().optional(),
  /** 1-based. */
  line: z.number().optional(),
  /** Section of the file, which sd-scripts ignores. */
  section: z.string().optional(),
});
export type SettingSource = z.infer<typeof settingSource>;

/** One entry of the effective configuration. */
export const setting = z.object({
  /** The trainer's own name for it: `learning_rate`; in a dataset file `datasets[0].subsets[1].num_repeats`; of the launcher `accelerate.mixed_precision`. */
  key: z.string(),
  value: configValue,
  source: settingSource,
  /** False for what only names or places output and cannot change the result. */
  effective: z.boolean(),
  /** False where the trainer does not know the key. */
  known: z.boolean(),
  /** Why the trainer ignores it, e.g. `train_data_dir` beside `dataset_config`. */
  ignored: z.string().optional(),
  /** Of an import: it stands in a file that was found with the model, and nothing proves that it was used. Absent: known. */
  certainty: z.enum(['guessed']).optional(),
  /** Values of lower precedence that this one hides, nearest first. */
  shadowed: z.array(z.object({ value: configValue, source: settingSource })).optional(),
});
export type Setting = z.infer<typeof setting>;

/** What was seen through in front of the trainer: `accelerate launch`, `env`, `nice`, … outermost first. */
export const wrapper = z.object({ name: z.string(), arguments: z.array(z.string()) });
export type Wrapper = z.infer<typeof wrapper>;

export const fileRole = z.enum([
  'config',
  'dataset-config',
  'dataset-metadata',
  'prompts',
  'script',
  'trainer',
  'accelerate',
  'deepspeed',
  'base-model',
  'vae',
  'network-weights',
  'text-encoder',
  'resume-state',
  'other',
]);
export type FileRole = z.infer<typeof fileRole>;

/** A file or directory that the configuration names. */
export const fileState = z.object({
  role: fileRole,
  /** Absolute. */
  path: z.string(),
  /** The setting that names it. */
  key: z.string().nullable(),
  kind: z.enum(['file', 'directory', 'missing', 'remote', 'unreadable']),
  /** Of the original bytes; null while a large file is still being hashed, and for what is not a file. */
  sha1: sha1.nullable(),
  sha256: sha256.nullable(),
  bytes: bytes.nullable(),
  /** Hash of the object that holds its content; differs from `sha256` where secrets were redacted; null if not kept. */
  object: sha256.nullable(),
  /** Keys whose values were redacted in the kept copy. */
  redactedKeys: z.array(z.string()).optional(),
  /** Hashes of a model file (TRAINERS.md A4): `sshs` is SHA-256 of the tensor section. */
  model: z
    .object({ tensorSha256: sha256.nullable(), legacyHash: z.string().nullable(), hub: z.string().nullable() })
    .optional(),
  /** Of a version that came during the run: when it was seen, the step last reached then, and when it was written. */
  changed: z.object({ at: instant, step: count.nullable(), modifiedAt: instant.optional() }).optional(),
});
export type FileState = z.infer<typeof fileState>;

/** A file of a repository or dataset that is recorded but not copied. */
export const omitted = z.object({
  /** Relative to the root, `/` between parts; bytes that are not UTF-8 as `\xHH`. */
  path: z.string(),
  reason: z.enum(['too-large', 'secret', 'budget', 'unreadable', 'special', 'outside']),
  bytes: bytes.nullable(),
  sha256: sha256.nullable(),
});
export type Omitted = z.infer<typeof omitted>;

/** A repository (or plain directory of source) as it was at launch. */
export const repoState = z.object({
  /** Base name of the top directory, made unique with `~2`. */
  name: z.string(),
  /** Absolute path of the top directory. */
  path: z.string(),
  kind: z.enum(['git', 'bare', 'directory']),
  /** Why it is here: `trainer`, `lycoris`, `editable`, `dataset`, `script`, `given`, `cwd`. */
  roles: z.array(z.string()),
  head: objectName.nullable(),
  /** Null when detached or unborn without a name. */
  branch: z.string().nullable(),
  describe: z.string().nullable(),
  /** URL of the upstream's remote, else of `origin`, without credentials. */
  remote: z.string().nullable(),
  remotes: z.array(z.object({ name: z.string(), url: z.string() })),
  /** Commits ahead of and behind the upstream as git knows it without network. */
  ahead: count.nullable(),
  behind: count.nullable(),
  /** Null where git could not say. */
  dirty: z.boolean().nullable(),
  /** How many paths are staged, changed, untracked, and ignored but kept. */
  changes: z.object({ staged: count, unstaged: count, untracked: count, ignoredKept: count }),
  /** The changed paths with git's two status letters, at most 1,000; the snapshot holds them all. */
  changedPaths: z.array(z.object({ path: z.string(), status: z.string() })),
  /** Commit in Spoor's own repository `code/<code>.git` that holds the work tree. */
  snapshot: objectName.nullable(),
  code: z.string().nullable(),
  /** Repositories inside it, submodules or not; their files stand inside the snapshot. */
  nested: z.array(
    z.object({
      path: z.string(),
      submodule: z.boolean(),
      head: objectName.nullable(),
      branch: z.string().nullable(),
      dirty: z.boolean().nullable(),
      remote: z.string().nullable(),
    }),
  ),
  omitted: z.array(omitted),
  /** Tracked files that look as if they held a secret: these block sharing. */
  likelySecrets: z.array(z.object({ path: z.string(), kind: z.string() })),
  shallow: z.boolean(),
});
export type RepoState = z.infer<typeof repoState>;

export const datasetState = z.object({
  /** The directories, in the order the configuration names them. */
  roots: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(['train', 'regularisation', 'conditioning', 'given']),
      repeats: z.number().nullable(),
      classTokens: z.string().nullable(),
      captionExtension: z.string().nullable(),
      /** Of DreamBooth's layout: the folders `<repeats>_<class tokens>` in it. */
      folders: z.array(z.object({ path: z.string(), repeats: count, classTokens: z.string().nullable() })).optional(),
    }),
  ),
  /** What the trainer reads: captions of another extension than it is told to read are in the manifest only. */
  files: count,
  images: count,
  captions: count,
  bytes,
  /** Digest of the whole: SHA-256 over the sorted lines of the manifest's (path, bytes, sha256); null until every image is hashed. */
  sha256: sha256.nullable(),
  /** Object holding the manifest: JSON lines of `{root, path, kind, bytes, sha256, object}` sorted by root and path. */
  manifest: sha256.nullable(),
  /** Images whose bytes are kept as objects. */
  imagesKept: count,
  omitted: z.array(omitted),
  /** How many more were omitted than listed. */
  omittedMore: count,
});
export type DatasetState = z.infer<typeof datasetState>;

export const pythonPackage = z.object({
  name: z.string(),
  version: z.string().nullable(),
  /** Directory of an editable install. */
  editable: z.string().nullable(),
  /** Where it was installed from, if not an index: URL and commit of `direct_url.json`, without credentials. */
  origin: z.string().nullable(),
});
export type PythonPackage = z.infer<typeof pythonPackage>;

export const environmentState = z.object({
  /** Version, as far as the files tell: `3.10.12` or `3.10`. */
  python: z.string().nullable(),
  executable: z.string().nullable(),
  prefix: z.string().nullable(),
  packages: z.array(pythonPackage),
  /** Name of the conda environment. */
  conda: z.string().nullable(),
  /** Directory of the virtual environment. */
  venv: z.string().nullable(),
  torch: z.string().nullable(),
  /** CUDA version torch was built for, else the toolkit's. */
  cuda: z.string().nullable(),
  driver: z.string().nullable(),
  gpus: z.array(z.object({ name: z.string(), memoryBytes: bytes.nullable(), uuid: z.string().nullable() })),
  os: z.string(),
  kernel: z.string(),
  host: z.string(),
  container: z.string().nullable(),
  cpu: z.object({ model: z.string(), cores: count }),
  memoryBytes: bytes,
  /** Variables that can change a result; secrets redacted. */
  variables: z.record(z.string(), z.union([z.string(), redacted])),
});
export type EnvironmentState = z.infer<typeof environmentState>;

/** Enough to tell a process from every other, on this host and this boot. */
export const processIdentity = z.object({
  pid: z.number().int(),
  /** Field 22 of `/proc/PID/stat`: clock ticks since boot; null where there is no `/proc`. */
  startTicks: z.number().nullable(),
  bootId: z.string().nullable(),
  /** Inode of the pid namespace. */
  pidNamespace: z.string().nullable(),
  host: z.string(),
});
export type ProcessIdentity = z.infer<typeof processIdentity>;

/** Where the trainer will write, as far as the configuration says. Absolute paths. */
export const outputPlan = z.object({
  outputDir: z.string().nullable(),
  outputName: z.string().nullable(),
  loggingDir: z.string().nullable(),
  logPrefix: z.string().nullable(),
  /** Name of the run if the configuration is its only source. */
  suggestedName: z.string().nullable(),
  /** The trainer refuses or resumes from a directory that is not empty: write nothing there before the end. */
  mustBeEmpty: z.boolean(),
});
export type OutputPlan = z.infer<typeof outputPlan>;

export const artifact = z.object({
  kind: z.enum(['checkpoint', 'sample', 'state']),
  /** Absolute. */
  path: z.string(),
  step: z.number().nullable(),
  epoch: z.number().nullable(),
  /** Of a sample: its prompt's index and seed. */
  prompt: z.number().nullable(),
  seed: z.number().nullable(),
  bytes: bytes.nullable(),
  sha256: sha256.nullable(),
  tensorSha256: sha256.nullable(),
  /** What its header says that is (`sshs_model_hash`), where it is not the hash that was taken, or none was. */
  claimedSha256: sha256.optional(),
  sessionId: z.string().nullable(),
  modifiedAt: instant.nullable(),
  /** The last one, saved when training ends. */
  final: z.boolean(),
  /** When the trainer was seen to have deleted it. */
  goneAt: instant.nullable(),
});
export type Artifact = z.infer<typeof artifact>;

/** A compact picture of a sample, kept for good. */
export const preview = z.object({
  /** Object that holds it: WebP, at most 512 pixels wide and high. */
  object: sha256,
  bytes,
  width: count,
  height: count,
});
export type Preview = z.infer<typeof preview>;

/** What an image file tells of itself: pixels, kind (`png`), and the texts of a PNG, each cut at 8,192 characters. */
export const imageFacts = z.object({
  width: count,
  height: count,
  format: z.string(),
  texts: z.record(z.string(), z.string()).optional(),
});
export type ImageFacts = z.infer<typeof imageFacts>;

export const progress = z.object({
  step: z.number().nullable(),
  total: z.number().nullable(),
  epoch: z.number().nullable(),
  epochs: z.number().nullable(),
  loss: measured.nullable(),
  /** Steps a second as the trainer's own bar tells: since its start, pauses included. */
  rate: z.number().nullable(),
  phase: z.enum(['starting', 'loading', 'caching', 'training', 'sampling', 'validating', 'saving', 'finished']),
  /** Here and below: absent in records of before. How far the phase is by a bar of its own: latents cached, steps of a sample. */
  within: z
    .object({
      done: z.number(),
      total: z.number().nullable(),
      /** Of samples: which one is being made, from 1. */
      item: z.number().nullable(),
      /** Seconds left by that bar. */
      left: z.number().nullable(),
    })
    .nullable()
    .optional(),
  /** Seconds a step took lately, without the pauses for samples, validation and checkpoints. */
  stepSeconds: z.number().nullable().optional(),
  /** Seconds left: by the steps of late, and as many pauses as there were so far. */
  eta: z.number().nullable().optional(),
  /** Seconds left as the trainer's own bar tells. */
  barEta: z.number().nullable().optional(),
  /** When it was last seen to go on; only of a run that trains. */
  at: instant.nullable().optional(),
});
export type Progress = z.infer<typeof progress>;

export const series = z.object({
  tag: z.string(),
  points: count,
  first: measured,
  last: measured,
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export type Series = z.infer<typeof series>;

/** What a run took of its machine, by what was measured while it lived. */
export const machineUse = z.object({
  gpus: z.array(
    z.object({
      /** As the driver counts them. */
      index: count,
      name: z.string().nullable(),
      uuid: z.string().nullable(),
      /** Whether it counts as one of the run's. */
      used: z.boolean(),
      /** Percent, on average. */
      utilisation: z.number().nullable(),
      /** Bytes: the most in use, by all programs together, and what there is. */
      memoryPeak: bytes.nullable(),
      memoryBytes: bytes.nullable(),
      /** Degrees Celsius, the highest. */
      temperaturePeak: z.number().nullable(),
      wattHours: z.number().nullable(),
    }),
  ),
  /** Hours from start to end, for each GPU of the run; null where it is not known which they are. */
  gpuHours: z.number().nullable(),
  /** How it is known: `chosen` by a variable or the launcher, `worked` while it ran, the `only` one there is. */
  gpusBy: z.enum(['chosen', 'worked', 'only']).nullable(),
  /** Percent of all processors, on average. */
  cpu: z.number().nullable(),
  /** Bytes in use on the machine (or in its control group) at most, what there is, and what the trainer's own processes held at most. */
  memoryPeak: bytes.nullable(),
  memoryBytes: bytes.nullable(),
  processMemoryPeak: bytes.nullable(),
  /** Bytes free where it wrote, at least. */
  diskFreeLeast: bytes.nullable(),
  /** GPU-hours at the price that was configured when it ended. */
  cost: z.object({ amount: z.number(), currency: z.string(), perGpuHour: z.number() }).nullable(),
});
export type MachineUse = z.infer<typeof machineUse>;

export const diagnosis = z.object({
  /** `out-of-memory`, `host-out-of-memory`, `nan-loss`, `nan-latents`, `file-not-found`, `bad-argument`, `missing-module`, `no-data`, `killed`, `disk-full`, `cuda-error`, `child-failed`, `nothing-trained`, `exception`, `start-failed`, `interrupted`, `stopped-on-nan`, `stopped-on-stall`. */
  code: z.string(),
  /** What happened, naming the thing. */
  message: z.string(),
  /** What to do. */
  hint: z.string().nullable(),
});
export type Diagnosis = z.infer<typeof diagnosis>;

/** Something that people want to know at once. How a run ended is told by `ended`. */
export const runEvent = z.object({
  /** Within the run: `nan-1`, `stall-2`. */
  key: z.string(),
  event: z.enum(['nan', 'stall', 'disk']),
  /** What happened, in words. */
  message: z.string(),
  /** Step last reached. */
  step: count.nullable(),
  /** Whether the training is being stopped for it (`--stop-on`). */
  stops: z.boolean(),
});
export type RunEvent = z.infer<typeof runEvent>;

/** What became of one message to one receiver. */
export const notified = z.object({
  /** Key of the event; `end` for how the run ended. */
  key: z.string(),
  /** Name and type of the receiver in the settings. */
  receiver: z.string(),
  type: z.string(),
  outcome: z.enum(['sent', 'failed']),
  attempts: count,
  /** What the receiver answered last, or why it could not be asked. */
  detail: z.string(),
});
export type Notified = z.infer<typeof notified>;

export const warning = z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() });
export type Warning = z.infer<typeof warning>;

export const runStatus = z.enum(['running', 'succeeded', 'failed', 'interrupted', 'lost']);
export type RunStatus = z.infer<typeof runStatus>;
export const verdictValue = z.enum(['worked', 'failed', 'mixed']);
export type VerdictValue = z.infer<typeof verdictValue>;

/** What Spoor wrote under a name: a file by its SHA-256, or a link by its target. */
const placedEntry = z.union([z.object({ sha256 }), z.object({ link: z.string() })]);
export type PlacedEntry = z.infer<typeof placedEntry>;

/** Of a training that Spoor did not start: what was read after its launch may differ from what the trainer read. */
export const lateCapture = z.object({
  /** What it was found by: its process (`spoor attach`), or what it wrote (`spoor watch-dir`). */
  by: z.enum(['process', 'traces']),
  launchedAt: instant,
  /** From the launch to the capture. */
  milliseconds: count,
  /** Absolute paths of captured files that were modified, replaced or touched after the launch, at most 1,000. */
  changed: z.array(z.string()),
  /** How many more there are than listed. */
  changedMore: count,
});
export type LateCapture = z.infer<typeof lateCapture>;

/** Of a training that was found afterwards, by what is left of it. What its files do not tell is unknown. */
export const importedFrom = z.object({
  /** The surest thing that told of it. */
  how: z.enum(['spoor-json', 'session', 'model', 'event-file', 'log', 'configuration']),
  /** Absolute paths of directories and lone files. */
  from: z.array(z.string()),
  /** Where it ran, if something tells. */
  host: z.string().nullable(),
  /** Id of the run in the home that recorded it, where `spoor.json` names one. */
  original: z.string().nullable(),
});
export type ImportedFrom = z.infer<typeof importedFrom>;

/** What a model's own header tells of the dataset that it was trained on; the files themselves are not known by it. */
export const datasetTold = z.object({
  /** The file that tells it. */
  by: z.string(),
  folders: z.array(
    z.object({
      /** As the trainer names it: `2_kumo cat`. */
      name: z.string(),
      repeats: count.nullable(),
      images: count.nullable(),
      /** In how many captions each tag stands; null where it is not told, or longer than is kept. */
      tags: z.record(z.string(), count).nullable(),
    }),
  ),
});
export type DatasetTold = z.infer<typeof datasetTold>;

const envelope = { v: z.literal(1), at: instant, host: z.string() };
const type = <T extends string, S extends z.ZodRawShape>(name: T, shape: S) =>
  z.object({ ...envelope, type: z.literal(name), ...shape });

export const fact = z.discriminatedUnion('type', [
  type('run.created', {
    id: z.string(),
    name: runName,
    command: z.array(z.string()),
    /** SHA-256 over the NUL-ended original arguments, where some were redacted. */
    commandSha256: sha256.nullable(),
    cwd: z.string(),
    outputDir: z.string().nullable(),
    outputDirExisted: z.boolean(),
    trainer: z.string().nullable(),
    reason: z.string().nullable(),
    tags: z.array(z.string()),
    parent: z.string().nullable(),
    spoor: z.string(),
    mode: z.enum(['attached', 'detached', 'pty']),
    /** False where the output directory is to be kept whatever happens (`--no-clean`); absent in records of before. */
    clean: z.boolean().optional(),
    /** What is copied of what the run makes; absent in records of before, and of imports. */
    keep: z
      .object({
        checkpoints: z.enum(keptCheckpoints),
        /** Bytes of sample images that are kept as they are, beside their previews. */
        samplesBudget: bytes,
      })
      .optional(),
    /** Absent where Spoor started the trainer. */
    late: lateCapture.optional(),
    /** Absent where the run was recorded. */
    imported: importedFrom.optional(),
  }),
  type('arguments', {
    trainer: z.string().nullable(),
    script: z.string().nullable(),
    wrappers: z.array(wrapper),
    settings: z.array(setting),
  }),
  /** Where the trainer will write, and what of its kind of files stood there before it started. */
  type('outputs', {
    plan: outputPlan,
    /** Object holding the listing of the output directory before launch (JSON). */
    before: sha256.nullable(),
  }),
  type('repository', { repository: repoState }),
  type('history', { code: z.string(), head: objectName, kept: z.boolean() }),
  type('file', { file: fileState }),
  type('dataset', { dataset: datasetState }),
  type('dataset.told', { told: datasetTold }),
  type('environment', { environment: environmentState }),
  /** Everything read before launch is durable and named. */
  type('captured', { milliseconds: z.number() }),
  type('started', { waiter: processIdentity, trainer: processIdentity.nullable() }),
  type('confirmed', { key: z.string(), predicted: configValue, actual: configValue, by: z.string() }),
  type('artifact', { artifact }),
  /** What a training goes on from (`--resume`): the state's directory, the run that wrote it, and the step and epoch by that run's count. */
  type('resumed', { state: z.string(), run: z.string().nullable(), step: count.nullable(), epoch: count.nullable() }),
  /** An event file that is the run's, so that whoever goes on later need not find out again. */
  type('event-file', { path: z.string() }),
  /** A sample was looked at: by the SHA-256 of its file, which the preview is of. */
  type('preview', {
    path: z.string(),
    sha256,
    /** Null where none could be made. */
    preview: preview.nullable(),
    image: imageFacts.nullable(),
    /** Why there is no preview. */
    reason: z.string().nullable(),
  }),
  /** The bytes of a file that the run made are kept as an object, or no longer. */
  type('kept', { path: z.string(), object: sha256, kept: z.boolean() }),
  /** A person likes what the run had learned by then; either of the two is known. */
  type('star', { step: count.nullable(), epoch: count.nullable(), starred: z.boolean() }),
  /** Samples of this run and another were judged without their names: how often this one was preferred, or the other. */
  type('blind-test', {
    ...{ against: z.string(), won: count, lost: count, ties: count },
    /** Its name, by which it is kept once. */
    test: z.string().optional(),
  }),
  /** `spoor prune` took a checkpoint or state away: to the trash, or for good where `to` is null. */
  type('artifact.removed', { path: z.string(), to: z.string().nullable(), reason: z.string(), bytes }),
  type('artifact.restored', { path: z.string() }),
  /** It was deleted for good with the trash. */
  type('artifact.deleted', { path: z.string() }),
  /** The guide's files stand in the output directory. */
  type('layout', {
    directory: z.string(),
    files: z.array(z.string()),
    /** By name: what was written, so that a file changed since is known for the user's. */
    placed: z.record(z.string(), placedEntry).optional(),
  }),
  type('warning', { warning }),
  type('event', { event: runEvent }),
  type('notified', { notified }),
  type('series', { series: z.array(series) }),
  type('machine', { machine: machineUse }),
  type('ended', {
    status: runStatus,
    exitCode: z.number().int().nullable(),
    /** `SIGKILL`, … */
    signal: z.string().nullable(),
    startedAt: instant.nullable(),
    endedAt: instant,
    progress: progress.nullable(),
    diagnosis: diagnosis.nullable(),
  }),
  /** The output directory went to the trash: absolute paths, and how many files of how many bytes it held. */
  type('output.removed', { from: z.string(), to: z.string(), reason: z.string(), files: count, bytes }),
  /** Cleaning left the output directory alone, and why. */
  type('output.kept', { directory: z.string(), reason: z.string() }),
  type('output.restored', { to: z.string() }),
  /** What had been removed was deleted for good with the trash. */
  type('output.deleted', { reason: z.string() }),
  type('note', { text: z.string() }),
  /** A note says something else; without a text it was withdrawn. `note`: its id, as `noteId` makes it. */
  type('note.changed', { note: z.string(), text: z.string().nullable() }),
  type('tags', { add: z.array(z.string()), remove: z.array(z.string()) }),
  type('verdict', { verdict: verdictValue.nullable(), why: z.string().nullable() }),
]);
export type Fact = z.infer<typeof fact>;
export type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>;

/** A fact before it is stamped with version, time and host. */
export type Told = Fact extends infer F ? (F extends Fact ? Omit<F, 'v' | 'at' | 'host'> : never) : never;
