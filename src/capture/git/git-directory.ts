import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { asText } from './names.ts';
import { orNull, readSmall } from './read-small.ts';

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
export function locateGit(top: string): GitPlace | string | null {
  const dotGit = join(top, '.git');
  const found = orNull(() => lstatSync(dotGit));
  if (!found) return null;
  const target = found.isSymbolicLink() ? orNull(() => statSync(dotGit)) : found;
  if (target?.isDirectory()) return checked(dotGit, 'own');
  if (!target?.isFile()) return `${dotGit} is neither a directory nor a file`;
  const text = readSmall(dotGit, longestPointer);
  const pointer = /^gitdir: (.+?)[\r\n]*$/s.exec(text ?? '')?.[1];
  const path = pointer === undefined ? null : asText(pointer);
  if (path === null) return `${dotGit} does not say where its repository is`;
  return checked(resolve(top, path), 'gitfile');
}

/** Whether a directory is itself a repository without a work tree. */
export function locateBare(directory: string): GitPlace | null {
  const place = checked(directory, 'bare');
  return typeof place === 'string' ? null : place;
}

function checked(gitDirectory: string, kind: GitPlace['kind']): GitPlace | string {
  const common = readSmall(join(gitDirectory, 'commondir'), longestPointer);
  const commonDirectory = common === null ? gitDirectory : resolve(gitDirectory, asText(common.trimEnd()) ?? '');
  if (readSmall(join(gitDirectory, 'HEAD'), longestPointer) === null) {
    return `${join(gitDirectory, 'HEAD')} cannot be read`;
  }
  for (const part of ['objects', 'refs']) {
    const found = orNull(() => statSync(join(commonDirectory, part)));
    if (!found?.isDirectory()) return `${join(commonDirectory, part)} is no directory`;
  }
  return { gitDirectory, commonDirectory, kind: common === null ? kind : 'linked-worktree' };
}

/**
 * The work tree that a submodule belongs to, as its git directory `<top>/.git/modules/…` says; null
 * for what is no submodule.
 */
export function superprojectOf(top: string, place: GitPlace): string | null {
  if (place.kind !== 'gitfile') return null;
  const at = place.gitDirectory.indexOf(`${sep}.git${sep}modules${sep}`);
  const parent = at < 0 ? null : orNull(() => realpathSync(place.gitDirectory.slice(0, at)));
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
export function belongs(place: GitPlace, top: string, outer: readonly string[]): boolean {
  if (place.kind === 'own') return !lstatSync(join(top, '.git')).isSymbolicLink();
  const realOf = (path: string) => orNull(() => realpathSync(path));
  const real = realOf(place.gitDirectory) ?? place.gitDirectory;
  if (outer.some((each) => isInside(real, realOf(each) ?? each))) return true;
  const back = asText(readSmall(join(place.gitDirectory, 'gitdir'), longestPointer) ?? '')?.trimEnd();
  return back !== undefined && back !== '' && realOf(dirname(back)) === realpathSync(top);
}
