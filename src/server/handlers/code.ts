import type { ChangedRepo, CodeFile, Patch } from '../../api/run.ts';
import type { CodeFile as FoundFile } from '../../diff/change.ts';
import { SpoorError } from '../../model/errors.ts';
import { codeDifferences, type RepositoryDifference, uncommitted } from '../../tracker/diff-code.ts';
import { recordedSide } from '../../tracker/diff-runs.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { codeOf } from '../../tracker/ports.ts';
import type { ServerContext } from '../context.ts';
import type { Some } from '../handler.ts';
import { opaque } from '../opaque.ts';
import { parsePatch } from '../patch.ts';

const mostFiles = 2000;

export function codeHandlers({ recording }: ServerContext): Some<'listCode' | 'readPatch' | 'diffCode' | 'diffFile'> {
  const { home, env } = recording;
  const ofOne = async (id: string) => uncommitted({ run: await loadRun(home, id), code: codeOf(home, env) });
  const ofTwo = async ([a, b]: readonly string[]) => {
    const [before, after] = await Promise.all([a, b].map((id) => recordedSide(recording, id as string)));
    return codeDifferences(before!, after!);
  };

  return {
    listCode: async ({ run }) => ({ repos: (await ofOne(run)).map(repoOf) }),
    readPatch: async ({ run, file }) => patchOf(await ofOne(run), file),
    diffCode: async ({ run }) => ({ repos: (await ofTwo(run)).map(repoOf) }),
    diffFile: async ({ run, file }) => patchOf(await ofTwo(run), file),
  };
}

function idOf({ name, before, after }: RepositoryDifference, file: FoundFile): string {
  return opaque('code', name, before, after, file.before?.path ?? null, file.after?.path ?? null);
}

const fileOf = (repo: RepositoryDifference, file: FoundFile): CodeFile => ({ id: idOf(repo, file), ...file });

function repoOf(repo: RepositoryDifference): ChangedRepo {
  const { name, before, after, commits, files } = repo;
  const shown = files?.slice(0, mostFiles).map((file) => fileOf(repo, file)) ?? null;
  const told = commits && {
    before: { ...commits.before, latest: [...commits.before.latest] },
    after: { ...commits.after, latest: [...commits.after.latest] },
  };
  return { name, before, after, commits: told, files: shown, more: (files?.length ?? 0) - (shown?.length ?? 0) };
}

async function patchOf(repos: readonly RepositoryDifference[], wanted: string): Promise<Patch> {
  for (const repo of repos) {
    const file = repo.files?.find((each) => idOf(repo, each) === wanted);
    if (!file) continue;
    const bytes = await repo.patch(file);
    if (bytes === null)
      throw new SpoorError('unavailable', 'no-patch', 'git cannot tell what was changed in this file');
    return { file: fileOf(repo, file), ...parsePatch(bytes) };
  }
  throw new SpoorError('not-found', 'file-not-found', `no file ${wanted} differs here`, null);
}
