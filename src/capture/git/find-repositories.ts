import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isInside, locateBare, locateGit, superprojectOf } from './git-directory.ts';
import { orNull } from './read-small.ts';

export interface FoundRepository {
  /** Base name of the top directory, made unique with `~2`. */
  name: string;
  /** Real path of the top directory. */
  path: string;
  kind: 'git' | 'bare' | 'directory';
  roles: string[];
}

/**
 * The repositories that paths lie in, each once, in the order of the paths. A submodule is one of its
 * own, and its superproject another, which holds its files as well. A path in no repository stands
 * for its directory. Git is not run.
 * @param paths absolute; those that do not exist are passed over
 * @param home the user's home directory: a repository there does not stand for what lies below it
 */
export function findRepositories(
  paths: readonly { path: string; roles: readonly string[] }[],
  home: string | null,
): FoundRepository[] {
  const found = new Map<string, FoundRepository>();
  const add = (path: string, kind: FoundRepository['kind'], roles: readonly string[]) => {
    const known = found.get(path);
    if (known) known.roles = [...new Set([...known.roles, ...roles])];
    else found.set(path, { name: '', path, kind, roles: [...roles] });
  };
  for (const { path, roles } of paths) {
    const real = orNull(() => realpathSync(path));
    if (real === null) continue;
    const directory = statSync(real).isDirectory() ? real : dirname(real);
    for (const { top, kind } of topsOf(directory, home)) add(top, kind, roles);
  }
  const names = new Map<string, number>();
  for (const each of found.values()) {
    const base = basename(each.path) || 'root';
    let count = (names.get(base) ?? 0) + 1;
    while (count > 1 && names.has(`${base}~${count}`)) count++;
    names.set(base, count);
    each.name = count === 1 ? base : `${base}~${count}`;
    names.set(each.name, names.get(each.name) ?? 1);
  }
  return [...found.values()];
}

function topsOf(directory: string, home: string | null) {
  const tops: { top: string; kind: FoundRepository['kind'] }[] = [];
  for (let at = directory; ; at = dirname(at)) {
    if (orNull(() => lstatSync(join(at, '.git'))) !== null) {
      tops.push({ top: at, kind: 'git' });
      const place = locateGit(at);
      const outer = place === null || typeof place === 'string' ? null : superprojectOf(at, place);
      if (outer !== null) tops.push(...topsOf(outer, home));
      break;
    }
    if (locateBare(at) !== null) {
      tops.push({ top: at, kind: 'bare' });
      break;
    }
    if (dirname(at) === at) break;
  }
  // Dotfiles kept in the home directory are no reason to pass over the code below it.
  const near = tops.find(({ top }) => !isTooWide(top, home));
  if (near === undefined && !isTooWide(directory, home)) tops.unshift({ top: directory, kind: 'directory' });
  if (tops.length === 0) tops.push({ top: directory, kind: 'directory' });
  return tops;
}

/** Whether a directory is the root of the file system, the home directory, or holds it. */
export function isTooWide(path: string, home: string | null): boolean {
  return dirname(path) === path || (home !== null && isInside(home, path));
}
