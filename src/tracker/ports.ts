import type { HashCaches } from '../model/ports.ts';
import { gitProcess } from '../store/code/git-process.ts';
import { CodeRepositories } from '../store/code-repositories.ts';
import { hashCaches } from '../store/hash-cache.ts';
import type { Home } from '../store/home.ts';

/** What is remembered of files' hashes. */
export function cachesOf(home: Home): HashCaches {
  return hashCaches(home.cacheDirectory);
}

/** Spoor's own repositories of a home. @param env where git is found: PATH counts */
export function codeOf(home: Home, env: Readonly<Record<string, string | undefined>>): CodeRepositories {
  return new CodeRepositories(home, gitProcess(env));
}
