/** Where the keys of a document stand. */
export interface Places {
  /** 1-based line of each key, by its path. */
  lines: Map<string, number>;
  /** The first thing that the trainers' reader refuses, though newer versions of the format allow it. */
  refused: string | null;
}

/** Bounds the cost of hostile keys; no real path comes near. */
const maximumPath = 2_000;

/** Path of a key inside a table: `training.learning_rate`. The root's path is empty. */
export function keyPath(table: string, key: string): string {
  return (table === '' ? key : `${table}.${key}`).slice(0, maximumPath);
}
