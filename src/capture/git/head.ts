import { join } from 'node:path';
import type { GitPlace } from './git-directory.ts';
import { asText } from './names.ts';
import { readSmall } from './read-small.ts';

/** What HEAD says. */
export interface Head {
  /** Commit; null when unborn or unreadable. */
  commit: string | null;
  /** Null when detached. */
  branch: string | null;
  /** `broken`: HEAD names neither a commit nor a reference; `foreign`: references are kept in a form not read here (reftable). */
  state: 'born' | 'unborn' | 'broken' | 'foreign';
}

const longestReference = 4096;
const longestPackedReferences = 256 * 1024 * 1024;
const object = /^([0-9a-f]{40}|[0-9a-f]{64})\s*$/;

export function readHead(place: GitPlace): Head {
  const text = readSmall(join(place.gitDirectory, 'HEAD'), longestReference) ?? '';
  if (object.test(text)) return { commit: text.trim(), branch: null, state: 'born' };
  const name = /^ref: *(refs\/[^\n]+?)\s*$/.exec(text)?.[1];
  if (name === undefined) return { commit: null, branch: null, state: 'broken' };
  if (name === 'refs/heads/.invalid') return { commit: null, branch: null, state: 'foreign' };
  const branch = asText(name)?.replace(/^refs\/heads\//, '') ?? null;
  const found = readReference(place, name);
  if (found === 'absent') return { commit: null, branch, state: 'unborn' };
  return { commit: found, branch, state: found === null ? 'broken' : 'born' };
}

/**
 * The commit that a reference names, loose or packed.
 * @param name full name, `refs/heads/main`, one character a byte
 * @returns null where it is there and cannot be understood
 */
export function readReference(place: GitPlace, name: string, depth = 0): string | null | 'absent' {
  const path = asText(name);
  if (path === null || depth > 5 || !name.startsWith('refs/') || /(^|\/)\.\.(\/|$)/.test(name)) return null;
  const loose =
    readSmall(join(place.gitDirectory, path), longestReference) ??
    readSmall(join(place.commonDirectory, path), longestReference);
  if (loose !== null) {
    const other = /^ref: *(refs\/[^\n]+?)\s*$/.exec(loose)?.[1];
    if (other !== undefined) return readReference(place, other, depth + 1);
    return object.test(loose) ? loose.trim() : null;
  }
  const packed = readSmall(join(place.commonDirectory, 'packed-refs'), longestPackedReferences) ?? '';
  const at = packed.indexOf(` ${name}\n`);
  if (at < 0) return 'absent';
  const commit = packed.slice(packed.lastIndexOf('\n', at) + 1, at);
  return object.test(commit) ? commit : null;
}
