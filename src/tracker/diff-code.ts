import type { CodeDifference, CodeFile, Compared } from '../diff/change.ts';
import { type AskCode, pairRepositories } from '../diff/repositories.ts';
import type { Repo } from '../model/run.ts';
import {
  type CodeState,
  compareHeads,
  compareSnapshots,
  patchOf,
  patchOfFile,
} from '../store/code/compare-snapshots.ts';
import type { CodeRepositories } from '../store/code-repositories.ts';

/** A run, and where its snapshots stand. */
export interface CodeSide extends Pick<Compared, 'run'> {
  code: CodeRepositories;
}

/** Commits listed of each side. */
const mostCommits = 100;

/** What git tells of every pair of repositories whose states are not known to be equal. */
export async function askGit(a: CodeSide, b: CodeSide): Promise<AskCode> {
  const told = new Map<string, CodeDifference>();
  await Promise.all(
    differingRepositories(a, b).map(async ([before, after]) => {
      const [left, right] = [stateOf(before, a), stateOf(after, b)];
      if (left === null || right === null) return;
      const isKept = before.head === after.head || (before.history && after.history);
      const [files, commits] = await Promise.all([
        compareSnapshots(b.code.git, left, right),
        isKept ? compareHeads(b.code.git, left, right, mostCommits) : null,
      ]);
      told.set(keyOf(before, after), { files, commits });
    }),
  );
  return (before, after) => told.get(keyOf(before, after)) ?? null;
}

const keyOf = (before: Repo, after: Repo) => `${before.path}\0${after.path}`;

function differingRepositories(a: CodeSide, b: CodeSide): [Repo, Repo][] {
  return pairRepositories(a, b).pairs.filter(
    ([before, after]) => before.snapshot === null || before.snapshot !== after.snapshot,
  );
}

function stateOf({ code, snapshot, head }: Repo, side: CodeSide): CodeState | null {
  return code === null ? null : { own: side.code.named(code), snapshot, head };
}

/** The differences of all repositories as one patch. */
export async function codePatch(a: CodeSide, b: CodeSide): Promise<Uint8Array> {
  const patches: Uint8Array[] = [];
  for (const [before, after] of differingRepositories(a, b)) {
    const [left, right] = [stateOf(before, a), stateOf(after, b)];
    const patch = left && right && (await patchOf(b.code.git, left, right, after.name));
    if (patch) patches.push(patch);
  }
  return Buffer.concat(patches);
}

/** What git tells of one pair of repositories, and a way to the difference of each file. */
export interface RepositoryDifference extends CodeDifference {
  name: string;
  /** What is shown of the two states: a snapshot, or the commit. */
  before: string | null;
  after: string | null;
  /** The difference of one of the files as a patch; null where it cannot be told. */
  patch(file: CodeFile): Promise<Uint8Array | null>;
}

/** Every pair of repositories of two runs that are not known to be equal. */
export async function codeDifferences(a: CodeSide, b: CodeSide): Promise<RepositoryDifference[]> {
  return Promise.all(
    differingRepositories(a, b).map(async ([before, after]) => {
      const [left, right] = [stateOf(before, a), stateOf(after, b)];
      const isKept = before.head === after.head || (before.history && after.history);
      return differenceOf(b.code.git, after.name, left, right, isKept);
    }),
  );
}

/** What was changed and not committed in the repositories of one run. */
export async function uncommitted({ run, code }: CodeSide): Promise<RepositoryDifference[]> {
  const changed = run.repos.filter(({ dirty, kind }) => kind === 'git' && dirty !== false);
  return Promise.all(
    changed.map((repo) => {
      const now = stateOf(repo, { run, code });
      // The commit as a state of its own.
      const committed = now && { ...now, snapshot: repo.history ? repo.head : null };
      return differenceOf(code.git, repo.name, committed, now, false);
    }),
  );
}

async function differenceOf(
  git: CodeRepositories['git'],
  name: string,
  left: CodeState | null,
  right: CodeState | null,
  withCommits: boolean,
): Promise<RepositoryDifference> {
  const [files, commits] = await Promise.all([
    left && right && compareSnapshots(git, left, right),
    left && right && withCommits ? compareHeads(git, left, right, mostCommits) : null,
  ]);
  const pathsOf = ({ before, after }: CodeFile) => [...new Set([before, after].flatMap((each) => each?.path ?? []))];
  return {
    name,
    before: left?.snapshot ?? null,
    after: right?.snapshot ?? null,
    files,
    commits,
    patch: async (file) => left && right && patchOfFile(git, left, right, pathsOf(file)),
  };
}
