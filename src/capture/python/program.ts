/** Which file a program name means, and which Python a script asks for. */
import { accessSync, constants } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import { pyenvTarget } from './pyenv.ts';
import { isFile, readHead } from './read.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Place {
  env: Environment;
  /** Absolute. */
  cwd: string;
}

function isExecutable(path: string): boolean {
  if (!isFile(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The file that is executed under this name: PATH is searched, and pyenv's shims are seen through.
 * @returns an absolute path with its symbolic links, or null
 */
export function findProgram(name: string, place: Place): string | null {
  if (name === '') return null;
  const candidates = name.includes('/')
    ? [resolve(place.cwd, name)]
    : (place.env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(':').map((each) => resolve(place.cwd, each, name));
  for (const candidate of candidates) {
    if (!isExecutable(candidate)) continue;
    const target = pyenvTarget(candidate, place);
    if (target === null) return candidate;
    if (target === 'next') continue;
    return isExecutable(target.path) ? target.path : null;
  }
  return null;
}

function isPythonName(path: string): boolean {
  return /^(python|pypy)[0-9.]*t?(\.exe)?$/.test(basename(path));
}

/** What a script's first line asks for, as words: `['/opt/venv/bin/python']`, `['python3']` of `#!/usr/bin/env python3`. */
function shebang(path: string): string | null {
  const head = readHead(path, 4096);
  if (head === null || !head.startsWith('#!')) return null;
  const [first = '', second = ''] = head.split('\n', 2);
  const words = first
    .slice(2)
    .trim()
    .split(/[ \t]+/);
  const program = basename(words[0] ?? '');
  if (program === 'env') return words.slice(1).find((word) => !word.startsWith('-') && !word.includes('=')) ?? null;
  // pip writes a path that is too long, or holds spaces, as: #!/bin/sh, then '''exec' "/path/python" "$0" "$@"
  if (program === 'sh') return /^'''exec' "?([^"]+?)"? "\$0"/.exec(second)?.[1] ?? null;
  return words.length > 0 && isAbsolute(words[0]!)
    ? first
        .slice(2)
        .trim()
        .replace(/ -[A-Za-z]+$/, '')
    : null;
}

/**
 * The Python that runs a program: the program itself, or what the script of that name asks for.
 * @returns an absolute path with its symbolic links, or null where no Python is concerned
 */
export function pythonOf(program: string, place: Place): string | null {
  const path = findProgram(program, place) ?? scriptPath(program, place);
  if (path === null) return null;
  if (isPythonName(path)) return path;
  const asked = shebang(path);
  if (asked === null || !isPythonName(asked)) return null;
  return findProgram(asked, place);
}

/** A script need not be executable to tell its interpreter. */
function scriptPath(program: string, place: Place): string | null {
  const path = resolve(place.cwd, program);
  return program.includes('/') && isFile(path) ? path : null;
}
