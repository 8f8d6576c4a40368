import { posix } from 'node:path';
import type { RepoState } from '../model/facts.ts';
import type { Repo } from '../model/run.ts';
import { type Change, type CodeDifference, type CodeFile, type Commits, type Compared, change } from './change.ts';
import { elsewhere, isRead, isReadUntracked } from './code-files.ts';

/** Code that is run; of the others (a dataset's, the configuration's) the files that are read are compared. */
const running = new Set(['trainer', 'lycoris', 'editable', 'given', 'cwd']);

/** What git tells of a pair of repositories; null where nobody asked it, or it cannot say. */
export type AskCode = (before: Repo, after: Repo) => CodeDifference | null;

/** Equal states of a work tree have equal snapshots; where there is none, HEAD and cleanliness tell. */
export function compareRepositories(a: Compared, b: Compared, ask: AskCode = () => null): Change[] {
  const { pairs, removed, added } = pairRepositories(a, b);
  return [
    ...pairs.flatMap(([before, after]) => compareRepository({ before, after, a, b, code: ask(before, after) })),
    ...removed.map((each) => change('code', 'removed', each.name, { before: version(each), effective: runs(each) })),
    ...added.map((each) => change('code', 'added', each.name, { after: version(each), effective: runs(each) })),
  ];
}

export interface PairedRepositories {
  pairs: [Repo, Repo][];
  removed: Repo[];
  added: Repo[];
}

/** By path, else by remote, else by name. */
export function pairRepositories(a: Pick<Compared, 'run'>, b: Pick<Compared, 'run'>): PairedRepositories {
  const pairs: [Repo, Repo][] = [];
  let removed = [...a.run.repos];
  let added = [...b.run.repos];
  const bys: ((repo: Repo) => string | null)[] = [({ path }) => path, ({ remote }) => remote, ({ name }) => name];
  for (const by of bys) {
    for (const before of removed) {
      const after = added.find((each) => by(before) !== null && by(each) === by(before));
      if (after === undefined) continue;
      pairs.push([before, after]);
      removed = removed.filter((each) => each !== before);
      added = added.filter((each) => each !== after);
    }
  }
  return { pairs, removed, added };
}

interface Pair {
  before: Repo;
  after: Repo;
  a: Compared;
  b: Compared;
  code: CodeDifference | null;
}

function compareRepository(pair: Pair): Change[] {
  const { before, after, code } = pair;
  const omitted = compareOmitted(pair);
  if (before.snapshot !== null && before.snapshot === after.snapshot) return omitted;
  // The same commit has one name, also where only one of the two was described.
  const shared = before.head === after.head ? (before.describe ?? after.describe) : null;
  const told = [before, after].map((each) => version({ ...each, describe: shared ?? each.describe }));
  const rest = { before: told[0] ?? null, after: told[1] ?? null };
  if (code?.files) return [...compareByGit(pair, code.files, rest), ...omitted];
  const effective = runs(before) || runs(after);
  return [...compareByState(before, after, { ...rest, effective }), ...omitted];
}

/** As far as the record alone tells. */
function compareByState(before: Repo, after: Repo, rest: Pick<Change, 'before' | 'after' | 'effective'>): Change[] {
  if (before.head !== after.head) {
    if (isLost(before) || isLost(after)) return [change('code', 'unknown', after.name, rest)];
    return [change('code', 'changed', after.name, { ...rest, detail: after.dirty ? 'dirty' : null })];
  }
  const isClean = before.dirty === false && after.dirty === false;
  if (before.snapshot === null || after.snapshot === null) {
    if (isClean) return [];
    return [change('code', 'unknown', after.name, { ...rest, detail: 'its files were not recorded' })];
  }
  if (before.changedPaths.length + after.changedPaths.length > 0 && onlyAside(before) && onlyAside(after)) {
    return [change('code', 'changed', after.name, { ...rest, effective: false, detail: 'untracked files only' })];
  }
  if (isClean) return [change('code', 'changed', after.name, { ...rest, detail: 'ignored or nested files' })];
  const detail = after.dirty === false ? 'clean again' : before.dirty === false ? 'dirty' : 'other changes';
  return [change('code', 'changed', after.name, { ...rest, detail })];
}

/** File by file: the same files on another branch or through an empty commit are the same code. */
function compareByGit(pair: Pair, files: readonly CodeFile[], rest: Pick<Change, 'before' | 'after'>): Change[] {
  const { before, after, code } = pair;
  const acts = actingFiles(pair);
  const parts = files.map((file) => fileChange(after.name, file, acts(file)));
  const effective = parts.some((part) => part.effective);
  const commits = code?.commits ?? null;
  const related = before.head === after.head ? null : relation(commits);
  const counted =
    files.length === 0
      ? 'the same files'
      : effective
        ? `${files.length} file${files.length === 1 ? '' : 's'}`
        : 'only files that no training reads';
  return [
    change('code', 'changed', after.name, {
      ...rest,
      effective,
      detail: [related, counted].filter((text) => text !== null).join(', '),
    }),
    ...(commits === null
      ? []
      : [
          ...commitChanges('removed', after.name, commits.before),
          ...commitChanges('added', after.name, commits.after),
        ]),
    ...compareNested(before, after),
    ...parts,
  ];
}

/** `2 commits ahead`, `1 commit back`, or both: diverged. */
function relation(commits: CodeDifference['commits']): string {
  if (commits === null) return 'how the commits are related is not known';
  const counted = ({ count }: Commits) => `${count} commit${count === 1 ? '' : 's'}`;
  const { before, after } = commits;
  if (before.count === 0) return `${counted(after)} ahead`;
  if (after.count === 0) return `${counted(before)} back`;
  return `diverged: ${counted(before)} back, ${counted(after)} ahead`;
}

function commitChanges(kind: 'added' | 'removed', name: string, { latest }: Commits): Change[] {
  return latest.map(({ commit, title }) => {
    const value = kind === 'added' ? { after: title } : { before: title };
    return change('code', kind, `${name}@${commit.slice(0, 10)}`, { ...value, effective: false, partOf: name });
  });
}

/** Submodules and repositories inside; their files stand among those of the whole. */
function compareNested({ nested: left }: Repo, { nested: right, name }: Repo): Change[] {
  const paths = [...new Set([...left, ...right].map(({ path }) => path))];
  return paths.flatMap((path) => {
    const [before, after] = [left, right].map((all) => all.find((each) => each.path === path));
    if (before?.head === after?.head) return [];
    const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    const values = { before: before?.head?.slice(0, 10) ?? null, after: after?.head?.slice(0, 10) ?? null };
    const detail = (after ?? before)?.submodule ? 'submodule' : 'repository inside';
    return [change('code', kind, `${name}/${path}`, { ...values, effective: false, detail, partOf: name })];
  });
}

function fileChange(name: string, { before, after, lines }: CodeFile, effective: boolean): Change {
  const subject = `${name}/${(after ?? before)?.path}`;
  const rest = { effective, partOf: name };
  const counted = lines === null ? 'binary' : `+${lines.added} −${lines.removed}`;
  if (before === null)
    return change('code', 'added', subject, { ...rest, after: after?.bytes ?? null, detail: counted });
  if (after === null) return change('code', 'removed', subject, { ...rest, before: before.bytes, detail: counted });
  const isSame = lines !== null && lines.added + lines.removed === 0;
  const modes = before.mode === after.mode ? [] : [`mode ${before.mode} → ${after.mode}`];
  if (before.path !== after.path) {
    const detail = [...(isSame ? [] : [counted]), ...modes].join(', ') || null;
    return change('code', 'renamed', subject, { ...rest, before: before.path, after: after.path, detail });
  }
  if (isSame && modes.length > 0) {
    return change('code', 'changed', subject, { ...rest, before: before.mode, after: after.mode, detail: 'mode' });
  }
  const detail = [counted, ...modes].join(', ');
  return change('code', 'changed', subject, { ...rest, before: before.bytes, after: after.bytes, detail });
}

/** Whether a file can change the result: it is run or read, and compared nowhere else. */
function actingFiles({ before, after, a, b }: Pair): (file: CodeFile) => boolean {
  if (!runs(before) && !runs(after)) return () => false;
  const acts = [
    { repo: before, told: elsewhere(a.run), untracked: untrackedOf(before) },
    { repo: after, told: elsewhere(b.run), untracked: untrackedOf(after) },
  ] as const;
  return (file) =>
    [file.before, file.after].some((version_, side) => {
      if (version_ === null) return false;
      const { repo, told, untracked } = acts[side as 0 | 1];
      if (told(posix.join(repo.path, version_.path))) return false;
      return untracked(version_.path) ? isReadUntracked(version_.path) : isRead(version_.path);
    });
}

function untrackedOf({ changedPaths }: RepoState): (path: string) => boolean {
  const paths = changedPaths.filter(({ status }) => status === '??').map(({ path }) => path);
  const files = new Set(paths);
  const directories = paths.filter((path) => path.endsWith('/'));
  return (path) => files.has(path) || directories.some((directory) => path.startsWith(directory));
}

/** What was too large or too secret for the snapshot, by hash. */
function compareOmitted({ before, after, a, b }: Pair): Change[] {
  const acts = actingFiles({ before, after, a, b, code: null });
  const paths = [...new Set([...before.omitted, ...after.omitted].map(({ path }) => path))];
  return paths.flatMap((path) => {
    const [left, right] = [before, after].map(({ omitted }) => omitted.find((each) => each.path === path));
    if (left?.sha256 && left.sha256 === right?.sha256) return [];
    const version_ = { path, mode: '100644', bytes: null };
    const rest = {
      before: left?.bytes ?? null,
      after: right?.bytes ?? null,
      effective: acts({ before: version_, after: version_, lines: null }),
      detail: `kept by hash only: ${(left ?? right)?.reason}`,
    };
    const isUnknown = left && right && left.bytes === right.bytes && !(left.sha256 && right.sha256);
    const kind = left === undefined ? 'added' : right === undefined ? 'removed' : isUnknown ? 'unknown' : 'changed';
    return [change('code', kind, `${after.name}/${path}`, rest)];
  });
}

/** Git could not say anything of it. */
function isLost({ head, dirty, snapshot }: Repo): boolean {
  return head === null && dirty === null && snapshot === null;
}

function runs({ roles }: Repo): boolean {
  return roles.some((role) => running.has(role));
}

/** As the record lists at most. */
const mostPaths = 1_000;

/** Nothing is changed but untracked files that no program reads as code or settings. */
function onlyAside({ kind, changes, changedPaths }: Repo): boolean {
  if (kind !== 'git' || changes.ignoredKept > 0 || changedPaths.length >= mostPaths) return false;
  return changedPaths.every(({ path, status }) => status === '??' && !isReadUntracked(path));
}

function version({ head, describe, dirty }: Repo): string | null {
  if (head === null) return null;
  return `${describe ?? head.slice(0, 8)}${dirty ? ' (dirty)' : ''}`;
}
