import type { Generated, Kysely } from 'kysely';
import type { Place } from './words/passages.ts';

/** A row as the database holds it. */
export interface RunRecord {
  id: string;
  name: string;
  model: string | null;
  dataset: string | null;
  version: string | null;
  family: string;
  status: string;
  exit_code: number | null;
  started_at: string;
  ended_at: string | null;
  duration: number | null;
  step: number | null;
  total: number | null;
  loss: number | null;
  /** `NaN`, `Infinity` or `-Infinity`, which a number column cannot hold. */
  loss_word: string | null;
  gpu_hours: number | null;
  cost: number | null;
  currency: string | null;
  stars: number;
  verdict: string | null;
  reason: string | null;
  diagnosis: string | null;
  trainer: string | null;
  host: string;
  output_dir: string | null;
  /** JSON array. */
  tags: string;
  /** Tags in ASCII lower case, each between line ends; empty without tags. */
  tag_lines: string;
  /** Of the folder when the row was made. */
  stamp: string;
  text: string;
  /** JSON object; last, since only conditions on settings read it. */
  settings: string;
}

/** A file that a run made, as the database holds it. */
export interface MadeRecord {
  run: string;
  kind: string;
  path: string;
  name: string;
  step: number | null;
  epoch: number | null;
  final: number;
  bytes: number | null;
  sha256: string | null;
  tensor_sha256: string | null;
  session_id: string | null;
  claimed_sha256: string | null;
  modified: number | null;
}

export interface Tables {
  runs: RunRecord;
  made: MadeRecord;
  /** `caught-up`: the fingerprint of all folders' stamps whose rows these are. */
  state: { key: 'caught-up'; value: string };
  passages: { id: Generated<number>; owner: string; place: Place; source: string; text: string };
  /** Which run has which texts: its own under its id, and those that it shares. */
  passage_owners: { run: string; owner: string };
  /** The stamp of each run as its texts were read. */
  words_read: { run: string; stamp: string };
  migrations: { id: number; breaking: number; applied_at: string };
}

export type Database = Kysely<Tables>;
