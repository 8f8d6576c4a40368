import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { asText } from './names.ts';
import { readSmall } from './read-small.ts';

/** Where a repository keeps what git knows. All paths absolute. */
export interface GitPlace {
  /** Of this work tree: HEAD and index. */
  gitDirectory: string;
  /** Of all its linked work trees: objects, references, configuration. */
  commonDirectory: string;
  kind: 'own' | 'gitfile' | 'linked-worktree' | 'bare';
}

const longestPointer = 8192;

/**
 * Reads `.git` of a work tree, directory or file, as git does, without running git.
 * @returns null where there is none; a text saying what is wrong where it cannot be used
 */
export async function locateGit(top: string): Promise<GitPlace | string | null> {
  const dotGit = join(top, '.git');
  const found = await lstat(dotGit).catch(() => null);
  if (!found) return null;
  const target = found.isSymbolicLink() ? await stat(dotGit).catch(() => null) : found;
  if (target?.isDirectory()) return checked(dotGit, 'own');
  if (!target?.isFile()) return `${dotGit} is neither a directory nor a file`;
  const text = await readSmall(dotGit, longestPointer);
  const pointer = /^gitdir: (.+?)[\r\n]*$/s.exec(text ?? '')?.[1];
  const path = pointer === undefined ? null : asText(pointer);
  if (path === null) return `${dotGit} does not say where its repository is`;
  return checked(resolve(top, path), 'gitfile');
}

/** Whether a directory is itself a repository without a work tree. */
export async function locateBare(directory: string): Promise<GitPlace | null> {
  const place = await checked(directory, 'bare');
  return typeof place === 'string' ? null : place;
}

async function checked(gitDirectory: string, kind: GitPlace['kind']): Promise<GitPlace | string> {
  const common = await readSmall(join(gitDirectory, 'commondir'), longestPointer);
  const commonDirectory = common === null ? gitDirectory : resolve(gitDirectory, asText(common.trimEnd()) ?? '');
  if ((await readSmall(join(gitDirectory, 'HEAD'), longestPointer)) === null) {
    return `${join(gitDirectory, 'HEAD')} cannot be read`;
  }
  for (const part of ['objects', 'refs']) {
    const found = await stat(join(commonDirectory, part)).catch(() => null);
    if (!found?.isDirectory()) return `${join(commonDirectory, part)} is no directory`;
  }
  return { gitDirectory, commonDirectory, kind: common === null ? kind : 'linked-worktree' };
}

/**
 * The work tree that a submodule belongs to, as its git directory `<top>/.git/modules/…` says; null
 * for what is no submodule.
 */
export async function superprojectOf(top: string, place: GitPlace): Promise<string | null> {
  if (place.kind !== 'gitfile') return null;
  const at = place.gitDirectory.indexOf(`${sep}.git${sep}modules${sep}`);
  const parent = at < 0 ? null : await realpath(place.gitDirectory.slice(0, at)).catch(() => null);
  return parent !== null && isInside(top, parent) && top !== parent ? parent : null;
}

/** Whether a path is a directory or lies below it. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

/**
 * Whether the repository behind a nested work tree's `.git` file belongs to it: it lies within the
 * outer work tree or the outer repository, or names this work tree itself. A file that points
 * elsewhere would draw a foreign repository into the record.
 */
export async function belongs(place: GitPlace, top: string, outer: readonly string[]): Promise<boolean> {
  if (place.kind === 'own') return !(await lstat(join(top, '.git'))).isSymbolicLink();
  const real = await realpath(place.gitDirectory).catch(() => place.gitDirectory);
  const within = await Promise.all(outer.map((each) => realpath(each).catch(() => each)));
  if (within.some((directory) => isInside(real, directory))) return true;
  const back = asText((await readSmall(join(place.gitDirectory, 'gitdir'), longestPointer)) ?? '')?.trimEnd();
  return (
    back !== undefined && back !== '' && (await realpath(dirname(back)).catch(() => null)) === (await realpath(top))
  );
}
