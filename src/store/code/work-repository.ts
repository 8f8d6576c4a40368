import { lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodePort, OwnRepository } from '../../model/code-port.ts';
import { keepHistory } from './history.ts';

export interface WorkRepository {
  /** Absolute; holds the files already. */
  workTree: string;
  /** Null: nothing was committed. */
  head: string | null;
  /** Null: HEAD is detached, or nobody knows its branch. */
  branch: string | null;
  remotes: readonly { name: string; url: string }[];
}

/**
 * Makes a git repository of a restored work tree: HEAD, branch and history of then, copied, so that it
 * depends on nothing of Spoor's; what was not committed shows as changes that are not staged.
 * @returns null, or why there is none. What stands in the work tree already is not touched
 */
export async function makeWorkRepository(
  port: CodePort,
  own: OwnRepository,
  { workTree, head, branch, remotes }: WorkRepository,
): Promise<string | null> {
  const gitDirectory = join(workTree, '.git');
  if (head !== null && !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(head)) return 'its head is no commit';
  if (await lstat(gitDirectory).catch(() => null)) return '.git is there already';
  const scratch = await port.scratch();
  // With this ending git takes it for the repository of a work tree.
  const draft = join(workTree, '.spoor-draft', '.git');
  const run = (...args: string[]) => port.git(args, { gitDirectory: draft, directory: scratch });
  try {
    const made = await port.git(
      ['init', '--quiet', '--template=', `--object-format=${own.format}`, '--', draft.slice(0, -5)],
      {
        gitDirectory: draft,
        directory: scratch,
        variables: { GIT_DIR: undefined },
      },
    );
    if (made.status !== 0) return made.stderr.trim();
    const named = await run('check-ref-format', `refs/heads/${branch}`);
    if (branch !== null && named.status === 0) await run('symbolic-ref', 'HEAD', `refs/heads/${branch}`);
    if (head !== null) {
      const kept = await keepHistory(port.git, draft, { gitDirectory: own.gitDirectory, head });
      if (!kept.kept) return kept.reason;
      await rm(join(draft, 'refs/spoor'), { recursive: true });
      const isDetached = branch === null || named.status !== 0;
      const told = await run('update-ref', ...(isDetached ? ['--no-deref'] : []), 'HEAD', head);
      const read = told.status === 0 ? await run('read-tree', 'HEAD') : told;
      if (read.status !== 0) return read.stderr.trim();
    }
    for (const { name, url } of remotes) {
      if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(name)) continue;
      await run('config', `remote.${name}.url`, url);
      await run('config', `remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`);
    }
    await rename(draft, gitDirectory);
    return null;
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(join(workTree, '.spoor-draft'), { recursive: true, force: true });
  }
}
