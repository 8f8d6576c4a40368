import type { CodeDifference, Compared } from '../diff/change.ts';
import { type AskCode, pairRepositories } from '../diff/repositories.ts';
import type { Repo } from '../model/run.ts';
import { type CodeState, compareHeads, compareSnapshots, patchOf } from '../store/code/compare-snapshots.ts';
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
