import type { Invocation } from '../trainer.ts';

/** What has been seen through so far. */
export type Path = Omit<Invocation, 'argv' | 'arguments' | 'script' | 'module'>;

/** What lies beneath a wrapper. */
export type Step =
  /** Another command; `wrapped` says whether this layer counts as a wrapper (an interpreter does not). */
  | { kind: 'command'; argv: string[]; wrapped: boolean }
  /** The trainer itself. */
  | { kind: 'trainer'; script: string | null; module: string | null; arguments: string[] };

/**
 * Sees through one kind of wrapper. Writes what it learns into `path`; null where it cannot be sure
 * (then it must have written nothing).
 * @param args what stands after the program's name
 */
export type SeeThrough = (args: string[], path: Path, program: string) => Step | null;

/** A program's name without directory, `.exe` and case: `python3.10` of `C:\Python\python3.10.EXE`. */
export function programName(program: string): string {
  return baseName(program)
    .replace(/\.(?:exe|cmd|bat)$/i, '')
    .toLowerCase();
}

export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

export function isScript(word: string): boolean {
  return /\.(?:py|pyw|mjs|cjs|js)$/i.test(word);
}

export function command(argv: string[], wrapped = true): Step | null {
  return argv.length === 0 ? null : { kind: 'command', argv, wrapped };
}
