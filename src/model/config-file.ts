/** A parsed configuration file: what the formats produce and the trainers read. */
import type { ConfigValue, FileRole } from './facts.ts';

/** A parsed configuration file, with the place of each leaf. */
export interface ConfigFile {
  role: FileRole;
  /** Absolute. */
  path: string;
  format: 'toml' | 'yaml' | 'json';
  /** Null if it could not be read or parsed; `error` says why. */
  value: Record<string, ConfigValue> | null;
  /** 1-based line of a key, by its path (`training.learning_rate`, `datasets[0].resolution`). */
  lines: ReadonlyMap<string, number>;
  error: string | null;
  /** Why there is no value: not there, not to be opened, larger than what is read, or no text of its format. */
  fault: 'missing' | 'unreadable' | 'too-large' | 'invalid' | null;
}
