import type { CodePort } from '../../model/code-port.ts';
import type { RepoState } from '../../model/facts.ts';
import type { FoundRepository } from './find-repositories.ts';
import { locateBare, locateGit } from './git-directory.ts';
import { codeLimits } from './limits.ts';
import { readRepository } from './repository.ts';
import { emptyState, tellRepository } from './state.ts';
import type { Environment } from './user-config.ts';

/**
 * Branch, commit and remotes of a repository, without a look at its work tree: what changed there is not
 * known, and nothing is kept. A repository that cannot be read stands with its path alone.
 *
 * @param users what `listUserConfig` says
 */
export async function readRepositoryState(
  found: FoundRepository,
  port: CodePort,
  environment: Environment,
  users: Promise<string | null>,
): Promise<RepoState> {
  const state = emptyState(found);
  const place = found.kind === 'bare' ? locateBare(found.path) : locateGit(found.path);
  if (place === null || typeof place === 'string') return state;
  tellRepository(state, await readRepository(port, found.path, place, environment, users, codeLimits.milliseconds));
  return state;
}
