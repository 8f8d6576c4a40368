import type { ConfigValue } from '../model/facts.ts';
import type { Run } from '../model/run.ts';

export type Area =
  | 'code'
  | 'arguments'
  | 'config'
  | 'prompts'
  | 'script'
  | 'dataset'
  | 'environment'
  | 'model'
  | 'hardware';

/** One difference between the inputs of two runs. */
export interface Change {
  area: Area;
  /** `unknown`: one of the two was not recorded, so that they may be equal or not. */
  kind: 'added' | 'removed' | 'changed' | 'renamed' | 'unknown';
  /** What differs: a setting's key, a repository's name, `images`, a package, a path. */
  subject: string;
  /** Null where it was not there, or is not known. */
  before: ConfigValue;
  after: ConfigValue;
  /** False for what cannot change the result. */
  effective: boolean;
  /** What there is to say beyond the two values. */
  detail: string | null;
  /** Of a change that tells a part of another one (a file of a repository, a caption): that one's subject. */
  partOf: string | null;
}

/** A file of a dataset's manifest. */
export interface DatasetFile {
  /** Index into the dataset's roots. */
  root: number;
  /** Below its root, `/` between parts. */
  path: string;
  kind: 'image' | 'caption' | 'unread-caption' | 'metadata';
  /** Null while it is not hashed. */
  sha256: string | null;
  /** Null where its bytes are not kept. */
  object?: string | null;
  bytes: number;
}

/** What is compared of a run: its record, and what is at hand of the files that it names. */
export interface Compared {
  run: Pick<
    Run,
    'command' | 'cwd' | 'outputDir' | 'settings' | 'repos' | 'files' | 'dataset' | 'environment' | 'warnings' | 'late'
  > &
    Partial<Pick<Run, 'imported' | 'datasetTold'>>;
  manifest: readonly DatasetFile[] | null;
  /** Captions by the SHA-256 of their bytes, as far as they are kept. */
  captions?: ReadonlyMap<string, string>;
  /** Pixels of images by SHA-256, as far as those are kept. */
  images?: ReadonlyMap<string, ImageSize>;
  /** The sample prompts at launch, each by the trainer's own names of its fields; null where they cannot be read. */
  prompts?: readonly SamplePrompt[] | null;
}

export interface ImageSize {
  width: number;
  height: number;
}

export type SamplePrompt = Readonly<Record<string, ConfigValue>>;

/** What git tells of two states of a repository. */
export interface CodeDifference {
  /** Commits that only one of the two heads has; null where a history is not kept. */
  commits: { before: Commits; after: Commits } | null;
  /** Null where the files of one of the two are not kept. */
  files: readonly CodeFile[] | null;
}

/** The latest first; `count` of which at most some are listed. */
export interface Commits {
  count: number;
  latest: readonly { commit: string; title: string }[];
}

/** A file of two snapshots; of one that was renamed or came, `before` has the former path or is null. */
export interface CodeFile {
  before: FileVersion | null;
  after: FileVersion | null;
  /** Lines that came and went; null for what is not text. */
  lines: { added: number; removed: number } | null;
}

export interface FileVersion {
  /** Below the top directory, `/` between parts. */
  path: string;
  /** As git has it: `100644`, `100755`, `120000`. */
  mode: string;
  bytes: number | null;
}

/** A `Change` of which only what differs from the usual need be said. */
export function change(
  area: Area,
  kind: Change['kind'],
  subject: string,
  rest: Partial<Omit<Change, 'area' | 'kind' | 'subject'>> = {},
): Change {
  return { area, kind, subject, before: null, after: null, effective: true, detail: null, partOf: null, ...rest };
}
