/** Kinds of error, each with its exit status (docs/exit-codes.md). 125–127 follow env(1) and the shells. */
export const exitStatuses = {
  /** Arguments of the command line that cannot be understood. */
  usage: 64,
  /** Input data is malformed. */
  data: 65,
  /** A run, file or object that was named is not there. */
  'not-found': 66,
  /** A program or platform that is needed is missing. */
  unavailable: 69,
  /** A defect of Spoor. */
  internal: 70,
  /** Done, but for what is listed: not all of it could be had. */
  incomplete: 72,
  /** A file or directory cannot be written. */
  'cannot-write': 73,
  /** What is stored does not match its hash or schema. */
  corrupt: 74,
  /** Someone else holds what is needed; try again. */
  busy: 75,
  /** `--strict`, `rerun` and others refused. */
  refused: 78,
  /** The trainer's program exists but cannot be executed. */
  'not-executable': 126,
  /** The trainer's program, or the command of Spoor, does not exist. */
  'no-such-command': 127,
} as const;

export type ErrorKind = keyof typeof exitStatuses;

/** An error that a user can cause or cure: message names the thing and its value, hint the remedy. */
export class SpoorError extends Error {
  readonly kind: ErrorKind;
  /** Stable, kebab-case, for programs: `run-not-found`. */
  readonly code: string;
  readonly hint: string | null;

  constructor(kind: ErrorKind, code: string, message: string, hint: string | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SpoorError';
    this.kind = kind;
    this.code = code;
    this.hint = hint;
  }

  get exitStatus(): number {
    return exitStatuses[this.kind];
  }
}

/** The `code` of a system error (`ENOENT`), or null. */
export function errorCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

/** One line that says what went wrong. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
