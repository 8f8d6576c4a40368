import type { Dir, Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { looksSecret } from '../../model/secrets.ts';
import { asText, type ByteName, pathBelow } from './names.ts';

const source = new RegExp(
  `\\.(${[
    ...['py', 'pyi', 'pyx', 'pxd', 'ipynb', 'c', 'cc', 'cpp', 'cu', 'cuh', 'h', 'hpp', 'rs', 'js', 'mjs', 'ts', 'lua'],
    ...['sh', 'bash', 'zsh', 'fish', 'ps1', 'bat', 'cmd', 'toml', 'yaml', 'yml', 'json', 'jsonc', 'cfg', 'ini', 'conf'],
    ...['txt', 'md', 'patch', 'diff', 'pth'],
  ].join('|')})$`,
  'i',
);
const wholeNames = new Set(['makefile', 'dockerfile', 'justfile', 'pipfile', 'requirements', '.python-version']);

/** Directories of what others made: installed, generated or cached. */
const foreign = new Set([
  ...['.git', '.hg', '.svn', 'node_modules', 'site-packages', 'dist-packages', '__pycache__', '.ipynb_checkpoints'],
  ...['venv', '.venv', 'virtualenv', '.tox', '.nox', '.mypy_cache', '.pytest_cache', '.ruff_cache'],
  ...['.cache', '.eggs', 'wandb', '.idea', '.vscode-server'],
]);
/** Files that mark an environment under any name. */
const environmentMarks = new Set(['pyvenv.cfg', 'conda-meta']);

/** Source code or configuration, by its name. */
function isSource(name: ByteName): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return source.test(base) || wholeNames.has(base.toLowerCase());
}

/** Whether an ignored file is worth a look: source, or by its name a secret, of which the hash is kept. */
export function isKeptThoughIgnored(name: ByteName): boolean {
  return !isForeign(name) && (isSource(name) || looksSecret(asText(name) ?? ''));
}

export function isForeign(name: ByteName): boolean {
  return name.split('/').some((part) => foreign.has(part) || part.endsWith('.egg-info'));
}

/** How much a walk may still look at. */
export interface WalkBudget {
  entries: number;
  /** By `performance.now()`. */
  until: number;
}

/**
 * Names of source files, and of files that look like secrets, below a directory. Symbolic links are
 * not followed, foreign and nested repositories' directories not entered.
 * @param top absolute
 * @param below name of the directory to walk, relative to `top`; empty for `top` itself
 * @returns `whole` is false where the budget ran out or a directory could not be read
 */
export async function walkSources(
  top: string,
  below: ByteName,
  budget: WalkBudget,
): Promise<{ files: ByteName[]; whole: boolean }> {
  const files: ByteName[] = [];
  let whole = true;
  const pending = [below];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const entries = await readEntries(top, directory, budget);
    if (entries === null) {
      whole = false;
      continue;
    }
    if (entries.some(({ name }) => environmentMarks.has(name))) continue;
    for (const entry of entries) {
      const name = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.kind === 'directory' && !isForeign(entry.name)) pending.push(name);
      if (entry.kind === 'file' && isKeptThoughIgnored(entry.name)) files.push(name);
    }
    if (budget.entries <= 0 || performance.now() > budget.until) return { files, whole: false };
  }
  return { files, whole };
}

interface Entry {
  name: ByteName;
  kind: 'directory' | 'file' | 'other';
}

async function readEntries(top: string, name: ByteName, budget: WalkBudget): Promise<Entry[] | null> {
  const path = name === '' ? Buffer.from(top) : pathBelow(top, name);
  let directory: Dir;
  try {
    if (!(await lstat(path)).isDirectory()) return [];
    directory = await opendir(path, { encoding: 'latin1' });
  } catch {
    return null;
  }
  const entries: Entry[] = [];
  try {
    for await (const entry of directory) {
      if (--budget.entries < 0) break;
      entries.push({ name: entry.name, kind: kindOf(entry) });
    }
  } catch {
    return null;
  }
  return entries;
}

function kindOf(entry: Dirent): Entry['kind'] {
  if (entry.isDirectory()) return 'directory';
  return entry.isFile() ? 'file' : 'other';
}
