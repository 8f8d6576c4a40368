import { join } from 'node:path';
import type { CodePort, GitResult } from '../../model/code-port.ts';
import { setHead } from './facade.ts';
import { readIndex } from './index-file.ts';
import { withoutCleanPointers } from './lfs.ts';
import type { Repository } from './repository.ts';
import { parseStatus, parseTracked, type Status, statusCommand, type Tracked, trackedCommand } from './status.ts';

/** What git tells of one work tree, seen through a facade. */
export interface Look {
  status: Status;
  tracked: Tracked;
  /** `index` or `head` where that part of the repository could not be read, and what git said of it. */
  without: ('index' | 'head')[];
  problem: string | null;
}

/**
 * Asks git for status and tracked files, with what is damaged left out: first the index, then HEAD.
 * @param facade made for that repository
 * @param repository null for a directory without a usable repository: all its files are untracked
 * @returns `failed` where git cannot even list the files
 */
export async function look(
  port: CodePort,
  top: string,
  facade: string,
  repository: Repository | null,
  milliseconds: number,
): Promise<Look | { failed: GitResult }> {
  const own = join(facade, 'index');
  const users = repository === null ? own : join(repository.place.gitDirectory, 'index');
  const options = { gitDirectory: facade, workTree: top, milliseconds };
  const read = repository === null ? null : await readIndex(users, repository.config.format);
  const ask = async (indexFile: string) => {
    const known = indexFile === users && read?.problem === null ? read.tracked : null;
    const [status, listed] = await Promise.all([
      port.git(statusCommand, { ...options, indexFile }),
      known === null ? port.git(trackedCommand, { ...options, indexFile }) : null,
    ]);
    return { status, listed, tracked: known ?? (listed?.status === 0 ? parseTracked(listed.stdout) : null) };
  };

  const commit = repository?.head.commit ?? null;
  const attempts: { without: Look['without']; prepare: () => Promise<string | null> }[] = [
    { without: [], prepare: async () => users },
    {
      without: ['index'],
      prepare: async () => {
        const filled = commit === null ? null : await port.git(['read-tree', commit], { ...options, indexFile: own });
        return filled?.status === 0 ? own : null;
      },
    },
    {
      without: ['head'],
      prepare: async () => {
        setHead(facade, null);
        return users;
      },
    },
    {
      without: ['index', 'head'],
      prepare: async () => {
        setHead(facade, null);
        return join(facade, 'no-index');
      },
    },
  ];
  let first: GitResult | null = null;
  let problem = read?.problem ?? null;
  for (const { without, prepare } of attempts) {
    if (read && read.problem !== null && !without.includes('index')) continue;
    const index = await prepare();
    if (index === null) continue;
    const { status, listed, tracked } = await ask(index);
    if (status.status === 0 && tracked !== null) {
      const parsed = parseStatus(status.stdout);
      const changed = await withoutCleanPointers(
        port,
        top,
        { ...options, indexFile: index },
        parsed.changed,
        tracked.files,
      );
      return { status: { ...parsed, changed }, tracked, without, problem };
    }
    first ??= status.status !== 0 || listed === null ? status : listed;
    problem ??= firstLine(first);
    // What does not answer in time will not do so when asked again.
    if (first.failure !== null) return { failed: first };
  }
  return { failed: first! };
}

export function firstLine({ stderr, failure }: GitResult): string {
  return (
    stderr
      .trim()
      .split('\n')[0]
      ?.replace(/^(fatal|error): /, '') || `git did not end (${failure})`
  );
}
