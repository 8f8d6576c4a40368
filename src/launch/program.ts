import { accessSync, closeSync, constants, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, delimiter, resolve } from 'node:path';
import { SpoorError } from '../model/errors.ts';

/** Where POSIX shells look when PATH is not set. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The absolute path of the program that `execvp` would start for `name`.
 *
 * @param path the PATH variable; an empty part means `cwd`
 * @throws SpoorError `no-such-command` (status 127) or `not-executable` (126)
 */
export function findProgram(name: string, at: { path: string | undefined; cwd: string }): string {
  const candidates = name.includes('/')
    ? [resolve(at.cwd, name)]
    : name === ''
      ? []
      : directories(at).map((directory) => resolve(directory, name));
  const files = candidates.filter(isFile);
  const found = files.find(isExecutable);
  if (found !== undefined) {
    refuseMissingInterpreter(found, at.cwd);
    return found;
  }
  const first = files[0] ?? candidates.find(exists);
  if (first !== undefined && (files.length > 0 || name.includes('/'))) {
    throw new SpoorError(
      'not-executable',
      'not-executable',
      `${first} cannot be executed`,
      isFile(first)
        ? first.endsWith('.py')
          ? `start it with Python: python ${name}`
          : `make it executable: chmod +x ${first}`
        : 'it is no file: name the program',
    );
  }
  const near = nearest(name, at);
  throw new SpoorError(
    'no-such-command',
    'no-such-command',
    name === '' ? 'the name of the program is empty' : `${shortened(name)}: no such program`,
    near !== null ? `did you mean ${near}?` : 'check its name, PATH, and that its environment is activated',
  );
}

/** A script whose `#!` names a program that is gone: the usual end of a moved virtual environment. */
function refuseMissingInterpreter(script: string, cwd: string): void {
  const interpreter = interpreterOf(script);
  if (interpreter === null || isFile(resolve(cwd, interpreter))) return;
  throw new SpoorError(
    'no-such-command',
    'no-such-interpreter',
    `${script} asks for the interpreter ${JSON.stringify(interpreter)}, which does not exist`,
    interpreter.endsWith('\r')
      ? 'its lines end in CR LF: convert them with dos2unix'
      : 'a virtual environment that was moved has to be made again',
  );
}

/** The program of the `#!` line, or null; scripts that cannot be read are left to the kernel. */
function interpreterOf(script: string): string | null {
  const head = Buffer.alloc(256);
  let length = 0;
  try {
    const file = openSync(script, 'r');
    try {
      length = readSync(file, head);
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
  return /^#![ \t]*([^ \t\n]+)(?=[ \t\n])/.exec(head.toString('latin1', 0, length))?.[1] ?? null;
}

function directories(at: { path: string | undefined; cwd: string }): string[] {
  return (at.path ?? defaultPath).split(delimiter).map((part) => resolve(at.cwd, part));
}

function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The executable whose name needs the fewest edits, at most two, and at most a third of the name. */
function nearest(name: string, at: { path: string | undefined; cwd: string }): string | null {
  if (name.length > 64) return null;
  const inDirectory = name.includes('/') ? resolve(at.cwd, name, '..') : null;
  const wanted = basename(name);
  let best: string | null = null;
  let bestEdits = Math.min(2, Math.floor(wanted.length / 3)) + 1;
  for (const directory of inDirectory === null ? directories(at) : [inDirectory]) {
    for (const entry of entries(directory)) {
      if (Math.abs(entry.length - wanted.length) >= bestEdits) continue;
      const edits = distance(wanted, entry);
      if (edits < bestEdits && isExecutable(resolve(directory, entry))) {
        best = inDirectory === null ? entry : resolve(directory, entry);
        bestEdits = edits;
      }
    }
  }
  return best;
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function shortened(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
