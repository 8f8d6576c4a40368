import type { Kysely } from 'kysely';

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

export interface Tables {
  runs: RunRecord;
  /** `caught-up`: the fingerprint of all folders' stamps whose rows these are. */
  state: { key: 'caught-up'; value: string };
  migrations: { id: number; breaking: number; applied_at: string };
}

export type Database = Kysely<Tables>;
