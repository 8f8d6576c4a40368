import type { RepoState } from '../../model/facts.ts';
import type { UnhashedFile } from '../../model/later.ts';
import type { FoundRepository } from './find-repositories.ts';
import { hashVersion, stampOf } from './hash-file.ts';
import { mostChangedPaths, mostOmitted } from './limits.ts';
import { pathBelow, shownName } from './names.ts';
import { type Repository, remoteOf } from './repository.ts';
import { omittedOf } from './select.ts';
import type { Capture, Survey } from './survey.ts';
import { warning } from './warnings.ts';

/** Secrets up to this size are hashed at once; all else that is left out, later. */
const hashedAtOnce = 1024 * 1024;

export function emptyState({ name, path, kind, roles }: FoundRepository): RepoState {
  return {
    name,
    path,
    kind,
    roles,
    head: null,
    branch: null,
    describe: null,
    remote: null,
    remotes: [],
    ahead: null,
    behind: null,
    dirty: null,
    changes: { staged: 0, unstaged: 0, untracked: 0, ignoredKept: 0 },
    changedPaths: [],
    snapshot: null,
    code: null,
    nested: [],
    omitted: [],
    likelySecrets: [],
    shallow: false,
  };
}

export function tellRepository(state: RepoState, repository: Repository): void {
  const { head, config, isShallow } = repository;
  state.head = head.commit;
  state.branch = head.branch;
  state.remotes = config.remotes;
  state.remote = remoteOf(repository);
  state.shallow = isShallow;
}

export function tellSurvey(state: RepoState, nested: RepoState['nested'], found: Survey): void {
  state.nested = nested;
  state.dirty = found.repository === null ? null : found.dirty;
  if (found.look === null) return;
  const { changed, untracked } = found.look.status;
  state.changes.staged = changed.filter(({ letters }) => letters[0] !== '.').length;
  state.changes.unstaged = changed.filter(({ letters }) => letters[1] !== '.').length;
  state.changes.untracked = untracked.length;
  state.changedPaths = found.changed.slice(0, mostChangedPaths).map(({ path, letters }) => ({
    path: shownName(path),
    status: letters.replaceAll('.', ' '),
  }));
}

/** Writes down what the snapshot leaves out. @returns what is still to be hashed */
export async function tellOmitted({ top, selection, warnings }: Capture, state: RepoState): Promise<UnhashedFile[]> {
  const unhashed: UnhashedFile[] = [];
  // Secrets first: their hashes are the only trace of them.
  const leftOut = selection.leftOut.toSorted((a, b) => Number(b.reason === 'secret') - Number(a.reason === 'secret'));
  for (const [index, each] of leftOut.slice(0, mostOmitted).entries()) {
    const omitted = omittedOf(each);
    state.omitted.push(omitted);
    if (!each.stat?.isFile() || each.reason === 'unreadable') continue;
    const stamp = stampOf(each.stat);
    if (each.reason === 'secret' && each.stat.size <= hashedAtOnce) {
      omitted.sha256 = await hashVersion(pathBelow(top, each.name), stamp);
    } else {
      unhashed.push({ index, name: each.name, stamp });
    }
  }
  if (leftOut.length > mostOmitted) {
    const message = `${leftOut.length - mostOmitted} more files of ${top} are neither kept nor listed`;
    warnings.push(warning('omitted-not-listed', message, 'Ignore or move what is no code.'));
  }
  return unhashed;
}
