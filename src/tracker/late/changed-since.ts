/** What of a late capture was changed after the trainer's launch, and so may not be what the trainer read. */
import { hash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parseDraft } from '../../capture/dataset/manifest.ts';
import type { LateCapture, OutputPlan, RepoState, Told } from '../../model/facts.ts';
import type { Captured } from '../../model/later.ts';
import type { CodeRepositories } from '../../store/code-repositories.ts';

/** Milliseconds after its start in which no trainer has read anything yet: clocks and clock ticks are no finer. */
const slackMs = 50;
const mostListed = 1_000;
/** Files of one repository that are looked at. */
const mostFiles = 200_000;

/**
 * Looks at every captured file: those that the configuration names, the dataset's, the repositories'. By modification
 * and change time, so that a file that was moved into its place counts too. What the trainer writes does not.
 */
export async function changedSince(
  launchedAt: Date,
  captured: Captured<Told>,
  outputs: OutputPlan,
  code: CodeRepositories,
): Promise<Pick<LateCapture, 'changed' | 'changedMore'>> {
  const since = BigInt(launchedAt.getTime() + slackMs) * 1_000_000n;
  const isLater = ({ mtimeNs, ctimeNs }: { mtimeNs: bigint; ctimeNs: bigint }) => mtimeNs > since || ctimeNs > since;
  const changed = new Set<string>();
  const look = async (path: string) => {
    const stat = await lstat(path, { bigint: true }).catch(() => null);
    if (stat?.isFile() && isLater(stat) && !isOutput(path, outputs)) changed.add(path);
  };
  for (const fact of captured.facts) {
    if (fact.type === 'file' && fact.file.kind === 'file') await look(fact.file.path);
    if (fact.type === 'repository') {
      for (const path of await filesOf(fact.repository, code)) await look(join(fact.repository.path, path));
    }
  }
  for (const work of captured.later) {
    if (work.kind !== 'dataset') continue;
    const draft = captured.blobs.find((blob) => hash('sha256', blob, 'hex') === work.draft);
    for (const file of draft ? parseDraft(draft) : []) {
      if (isLater(file.stamp)) changed.add(join(work.dataset.roots[file.root]?.path ?? '/', file.path));
    }
  }
  const sorted = [...changed].sort();
  return { changed: sorted.slice(0, mostListed), changedMore: Math.max(0, sorted.length - mostListed) };
}

function isOutput(path: string, { outputDir, loggingDir }: OutputPlan): boolean {
  return path.endsWith('.pyc') || [outputDir, loggingDir].some((each) => each && path.startsWith(each + sep));
}

/** Paths of the snapshot; those that are no UTF-8 are passed over. */
async function filesOf({ snapshot, code }: RepoState, repositories: CodeRepositories): Promise<string[]> {
  if (snapshot === null || code === null) return [];
  const { gitDirectory } = repositories.named(code);
  const listed = await repositories.git(['ls-tree', '-r', '-z', '--name-only', snapshot], { gitDirectory });
  if (listed.status !== 0) return [];
  const paths = listed.stdout.toString().split('\0');
  return paths.filter((path) => path !== '' && !path.includes('\uFFFD')).slice(0, mostFiles);
}
