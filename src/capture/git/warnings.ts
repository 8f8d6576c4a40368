import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { GitResult } from '../../model/code-port.ts';
import type { Warning } from '../../model/facts.ts';
import { shownName } from './names.ts';
import { orNull } from './read-small.ts';
import type { Repository } from './repository.ts';
import type { LeftOut, Selection } from './select.ts';

export function warning(code: string, message: string, hint: string | null = null): Warning {
  return { code, message, hint };
}

/** Files in a git directory that show git is in the middle of something. */
const operations: readonly [string, string][] = [
  ['MERGE_HEAD', 'a merge'],
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['BISECT_LOG', 'a bisection'],
];

/** What is unusual about a repository, so that a reader knows what its record can and cannot say. */
export function conditionsOf(top: string, { place, head, config, isShallow, problem }: Repository): Warning[] {
  const { gitDirectory, commonDirectory } = place;
  const found: Warning[] = [];
  const has = (...parts: string[]) => orNull(() => lstatSync(join(...parts))) !== null;
  if (place.kind === 'linked-worktree') {
    found.push(warning('linked-worktree', `${top} is a linked work tree of ${commonDirectory}`));
  }
  if (problem !== null) {
    const hint = 'Remotes and the like are not known. `git config --list` there shows the fault.';
    found.push(warning('git-config-unreadable', `the git configuration of ${top} cannot be read: ${problem}`, hint));
  }
  if (head.state === 'foreign') {
    const hint = 'Its files are kept. A newer git may read it.';
    found.push(
      warning('references-unreadable', `${top} keeps its references in a form that git here cannot read`, hint),
    );
  }
  if (head.state === 'unborn') {
    const hint = 'Its files are kept. Commit once, so that there is something to compare with.';
    found.push(warning('unborn-head', `${top} has no commit yet`, hint));
  }
  if (head.state === 'broken') {
    const hint = `Its files are kept. See what \`git -C ${top} status\` says.`;
    found.push(warning('broken-head', `HEAD of ${top} names no commit`, hint));
  }
  if (isShallow) {
    const hint = 'What is there is kept. `git fetch --unshallow` brings the rest.';
    found.push(warning('shallow-clone', `${top} is a shallow clone: older history is not here`, hint));
  }
  if (config.isPartial) {
    const hint = 'What is there is kept; nothing is fetched.';
    found.push(warning('partial-clone', `${top} is a partial clone: some objects are only at its remote`, hint));
  }
  if (config.flag('core.sparsecheckout')) {
    found.push(warning('sparse-checkout', `${top} is a sparse checkout: only the files that are there are kept`));
  }
  if (has(gitDirectory, 'index.lock')) {
    const hint = `If no git is at work there, remove ${join(gitDirectory, 'index.lock')}.`;
    found.push(warning('index-locked', `another git works in ${top}, or died there`, hint));
  }
  for (const [file, name] of operations) {
    if (!has(gitDirectory, file)) continue;
    found.push(warning('operation-in-progress', `${name} is in progress in ${top}`, 'Finish or abort it.'));
    break;
  }
  const owner = orNull(() => statSync(gitDirectory))?.uid;
  if (owner !== undefined && process.getuid && owner !== process.getuid()) {
    const hint = 'It was read without obeying anything it configures.';
    found.push(
      warning(
        'not-owned',
        `${top} belongs to another user (uid ${owner}): git itself refuses it (safe.directory)`,
        hint,
      ),
    );
  }
  return found;
}

/** What the index or HEAD of a repository could not tell. */
export function damageWarning(top: string, without: readonly string[], problem: string | null): Warning {
  const parts = without.map((part) => (part === 'head' ? 'HEAD' : 'the index')).join(' and ');
  const hint = `Its files are kept. \`git -C ${top} fsck\` shows the damage.`;
  return warning('corrupt-repository', `${parts} of ${top} cannot be read: ${problem ?? 'unknown'}`, hint);
}

/** Why git could not list a work tree's files. */
export function failureWarning(top: string, said: string, failure: GitResult['failure']): Warning {
  if (failure === 'missing') {
    return warning('git-missing', `git is not installed: the code in ${top} is not kept`, 'Install git.');
  }
  if (failure === 'timeout') {
    const hint = 'A slow disk, very many files, or a FIFO named .gitignore may be the cause.';
    return warning('git-timeout', `git did not answer in time: the code in ${top} is not kept`, hint);
  }
  return warning('git-failed', `git cannot list the files in ${top}, so that they are not kept: ${said}`);
}

const omissions: readonly [LeftOut['reason'], string, string | null][] = [
  ['too-large', 'too large to be copied', 'Their names, sizes and hashes are recorded.'],
  ['budget', 'beyond the limit for untracked files', 'Commit or ignore them, or move data out of the repository.'],
  ['unreadable', 'not readable', 'Give yourself the right to read them.'],
  ['special', 'neither files nor links', null],
];

/** What a snapshot does not hold though git shows it, and names that do not fit every file system. */
export function omissionWarnings(top: string, { leftOut, files }: Selection): Warning[] {
  const found: Warning[] = [];
  for (const [reason, what, hint] of omissions) {
    const names = leftOut.filter((each) => each.reason === reason).map(({ name }) => shownName(name));
    if (names.length === 0) continue;
    const some = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
    found.push(warning(`files-${reason}`, `not kept of ${top}, because ${what}: ${some}`, hint));
  }
  const folded = new Map<string, string>();
  for (const name of files) {
    const key = name.toLowerCase();
    const other = folded.get(key);
    folded.set(key, name);
    if (other === undefined) continue;
    const hint = 'They are kept. Where case does not count (macOS, Windows), they cannot both be restored.';
    const message = `${shownName(other)} and ${shownName(name)} in ${top} differ by case only`;
    found.push(warning('case-collision', message, hint));
    break;
  }
  return found;
}
