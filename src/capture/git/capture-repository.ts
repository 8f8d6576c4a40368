import type { CodePort, OwnRepository } from '../../model/code-port.ts';
import { errorText, SpoorError } from '../../model/errors.ts';
import type { RepoState, Warning } from '../../model/facts.ts';
import type { LaterWork, Standing, UnhashedFile } from '../../model/later.ts';
import { type FoundRepository, isTooWide } from './find-repositories.ts';
import { locateBare, locateGit } from './git-directory.ts';
import { type CodeLimits, codeLimits } from './limits.ts';
import { type Repository, readRepository, standingOf } from './repository.ts';
import { Selection } from './select.ts';
import { takeSnapshot } from './snapshot.ts';
import { walkSources } from './source-files.ts';
import { emptyState, tellOmitted, tellRepository, tellSurvey } from './state.ts';
import { type Capture, survey } from './survey.ts';
import type { Environment } from './user-config.ts';
import { conditionsOf, omissionWarnings, warning } from './warnings.ts';

export interface CaptureRequest {
  found: FoundRepository;
  /** Names the private index; see `CodePort.takeIndex`. */
  run: string;
  port: CodePort;
  /** The user's; PATH, HOME, XDG_CONFIG_HOME and git's own variables are looked at. */
  environment: Environment;
  /** What `listUserConfig` says. */
  users: Promise<string | null>;
  limits?: CodeLimits;
}

export interface CapturedRepository {
  repository: RepoState;
  warnings: Warning[];
  later: LaterWork[];
}

/**
 * Records the state of a repository or directory of source. When it returns, the snapshot commit is
 * complete in Spoor's own repository (make it durable with `makeSnapshotDurable` before the fact is
 * written). Never fails: what could not be kept is a warning. The user's files, index, references
 * and objects are only read, and nothing that a repository configures is run.
 */
export async function captureRepository(request: CaptureRequest): Promise<CapturedRepository> {
  const { found, port, environment, users, limits = codeLimits } = request;
  const capture: Capture = {
    top: found.path,
    port,
    environment,
    users,
    limits,
    selection: new Selection(found.path, limits),
    walk: { entries: 10 * limits.files, until: performance.now() + limits.milliseconds },
    warnings: [],
    nested: [],
    histories: [],
    outer: [found.path],
    settled: [],
  };
  const repository = emptyState(found);
  try {
    return await captureInto(request, capture, repository);
  } catch (error) {
    const hint = error instanceof SpoorError ? error.hint : null;
    capture.warnings.push(warning('code-not-kept', `the code in ${found.path} is not kept: ${errorText(error)}`, hint));
    return { repository, warnings: capture.warnings, later: [] };
  } finally {
    await Promise.all(capture.settled);
  }
}

async function captureInto(request: CaptureRequest, capture: Capture, state: RepoState): Promise<CapturedRepository> {
  const { found, port, environment } = request;
  const { limits, warnings } = capture;
  let place = found.kind === 'bare' ? locateBare(found.path) : locateGit(found.path);
  if (typeof place === 'string') {
    const hint = `Its files are kept. See what \`git -C ${found.path} status\` says.`;
    warnings.push(warning('corrupt-repository', `the repository of ${found.path} cannot be used: ${place}`, hint));
    place = null;
  }
  const repository =
    place && (await readRepository(port, found.path, place, environment, request.users, limits.milliseconds));
  if (repository) tellRepository(state, repository);
  const standing = repository && standingOf(repository);

  if (found.kind === 'bare' || isTooWide(found.path, environment.HOME ?? null)) {
    return headOnly(request, capture, state, repository);
  }
  const format = repository?.config.format ?? 'sha1';
  const own = await port.open(found.path, format);
  if (found.kind === 'directory') {
    await selectDirectory(capture);
  } else {
    if (place !== null) capture.outer.push(place.commonDirectory);
    const surveyed = await survey(capture, '', place, 0, repository ?? undefined);
    tellSurvey(state, capture.nested, surveyed);
    if (surveyed.look === null) {
      state.code = own.code;
      return { repository: state, warnings, later: laterOf(capture, own, state, [], standing) };
    }
  }
  await keep(request, capture, state, own);
  const unhashed = await tellOmitted(capture, state);
  return { repository: state, warnings, later: laterOf(capture, own, state, unhashed, standing) };
}

/** A repository without a work tree, or whose work tree is all that a user has: its files are not kept. */
async function headOnly(
  { found, port }: CaptureRequest,
  { warnings }: Capture,
  state: RepoState,
  repository: Repository | null,
): Promise<CapturedRepository> {
  const later: LaterWork[] = [];
  if (found.kind === 'bare') {
    const hint = 'Name the work tree that the trainer runs from.';
    warnings.push(warning('bare-repository', `${found.path} is a bare repository: it has no files to keep`, hint));
  } else {
    const hint = 'Move the training code into a directory, and best a repository, of its own.';
    warnings.push(warning('too-wide', `${found.path} is not kept: it holds a whole home directory`, hint));
  }
  if (repository === null) return { repository: state, warnings, later };
  // Of what is not kept anyway it is no matter that there is no commit to compare with.
  warnings.push(...conditionsOf(found.path, repository).filter(({ code }) => code !== 'unborn-head'));
  const standing = standingOf(repository);
  if (found.kind === 'bare' && standing !== null) {
    const { code } = await port.open(found.path, repository.config.format);
    state.code = code;
    later.push({ kind: 'history', code, gitDirectory: standing.gitDirectory, head: standing.head });
  }
  if (standing !== null) later.push({ kind: 'repository', repository: state, unhashed: [], standing });
  return { repository: state, warnings, later };
}

/** Of what is no repository only source files are kept. */
async function selectDirectory({ top, selection, walk, warnings }: Capture): Promise<void> {
  const hint = 'Its source files are kept. `git init` and a commit would let you compare and go back.';
  warnings.push(warning('not-a-repository', `${top} is no git repository`, hint));
  const { files, whole } = await walkSources(top, '', walk);
  await selection.add(files, 'untracked');
  if (whole) return;
  warnings.push(
    warning('walk-incomplete', `${top} holds too many files, or unreadable directories: not all source files are kept`),
  );
}

async function keep(
  { port, run }: CaptureRequest,
  capture: Capture,
  state: RepoState,
  own: OwnRepository,
): Promise<void> {
  const { top, selection, warnings, limits } = capture;
  const taken = await takeSnapshot({
    port,
    own,
    run,
    top,
    files: selection.files,
    versions: selection.versions,
    head: state.head,
    milliseconds: 2 * limits.milliseconds,
  });
  state.code = own.code;
  state.changes.ignoredKept = selection.ignoredKept;
  if (taken.snapshot === null) {
    const hint = taken.timeout ? 'It may hold very large files: keep models and datasets outside of it.' : null;
    warnings.push(warning('snapshot-failed', `the files of ${top} are not kept: ${taken.reason}`, hint));
    return;
  }
  state.snapshot = taken.snapshot;
  selection.drop(taken.unreadable);
  warnings.push(...omissionWarnings(top, selection));
}

function laterOf(
  { histories }: Capture,
  own: OwnRepository,
  repository: RepoState,
  unhashed: UnhashedFile[],
  standing: Standing | null,
): LaterWork[] {
  const { code, format } = own;
  return [
    ...(repository.snapshot === null && unhashed.length === 0 && standing === null
      ? []
      : [{ kind: 'repository' as const, repository, unhashed, standing }]),
    // Objects of the other format cannot stand in this repository; their files do.
    ...histories
      .filter((each) => each.format === format)
      .map(({ gitDirectory, head }) => ({ kind: 'history' as const, code, gitDirectory, head })),
  ];
}
