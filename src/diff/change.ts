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
  bytes: number;
}

/** What is compared of a run: its record, and its dataset's files if their list is at hand. */
export interface Compared {
  run: Pick<Run, 'command' | 'cwd' | 'settings' | 'repos' | 'files' | 'dataset' | 'environment' | 'warnings'>;
  manifest: readonly DatasetFile[] | null;
}

/** A `Change` of which only what differs from the usual need be said. */
export function change(
  area: Area,
  kind: Change['kind'],
  subject: string,
  rest: Partial<Omit<Change, 'area' | 'kind' | 'subject'>> = {},
): Change {
  return { area, kind, subject, before: null, after: null, effective: true, detail: null, ...rest };
}
