import { gitProcess } from '../store/code/git-process.ts';
import { CodeRepositories } from '../store/code-repositories.ts';
import type { Home } from '../store/home.ts';

/** Spoor's own repositories of a home. @param env where git is found: PATH counts */
export function codeOf(home: Home, env: Readonly<Record<string, string | undefined>>): CodeRepositories {
  return new CodeRepositories(home, gitProcess(env));
}
