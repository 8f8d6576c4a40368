import type { RepoState } from '../model/facts.ts';
import { type Change, type Compared, change } from './change.ts';

type State = Pick<
  RepoState,
  | 'name'
  | 'path'
  | 'roles'
  | 'head'
  | 'describe'
  | 'dirty'
  | 'snapshot'
  | 'changes'
  | 'changedPaths'
  | 'remote'
  | 'kind'
>;

/** Code that is run; of the others (a dataset's, the configuration's) the files that are read are compared. */
const running = new Set(['trainer', 'lycoris', 'editable', 'given', 'cwd']);

/** Equal states of a work tree have equal snapshots; where there is none, HEAD and cleanliness tell. */
export function compareRepositories(a: Compared, b: Compared): Change[] {
  const [pairs, removed, added] = paired(a.run.repos, b.run.repos);
  return [
    ...pairs.flatMap(([before, after]) => compareRepository(before, after)),
    ...removed.map((each) => change('code', 'removed', each.name, { before: version(each), effective: runs(each) })),
    ...added.map((each) => change('code', 'added', each.name, { after: version(each), effective: runs(each) })),
  ];
}

/** By path, else by remote, else by name. */
function paired(a: readonly State[], b: readonly State[]): [[State, State][], State[], State[]] {
  const pairs: [State, State][] = [];
  let left = [...a];
  let right = [...b];
  const bys: ((repo: State) => string | null)[] = [({ path }) => path, ({ remote }) => remote, ({ name }) => name];
  for (const by of bys) {
    for (const before of left) {
      const after = right.find((each) => by(before) !== null && by(each) === by(before));
      if (after === undefined) continue;
      pairs.push([before, after]);
      left = left.filter((each) => each !== before);
      right = right.filter((each) => each !== after);
    }
  }
  return [pairs, left, right];
}

function compareRepository(before: State, after: State): Change[] {
  if (before.snapshot !== null && before.snapshot === after.snapshot) return [];
  const rest = { before: version(before), after: version(after), effective: runs(before) || runs(after) };
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

/** Git could not say anything of it. */
function isLost({ head, dirty, snapshot }: State): boolean {
  return head === null && dirty === null && snapshot === null;
}

function runs({ roles }: State): boolean {
  return roles.some((role) => running.has(role));
}

/** As the record lists at most. */
const mostPaths = 1_000;

/** Nothing is changed but untracked files that no program reads as code or settings. */
function onlyAside({ kind, changes, changedPaths }: State): boolean {
  if (kind !== 'git' || changes.ignoredKept > 0 || changedPaths.length >= mostPaths) return false;
  return changedPaths.every(
    ({ path, status }) =>
      status === '??' && !/\.(?:py[a-z]?|so|cu|cpp|[ch]|json|ya?ml|toml|cfg|ini|sh|[cm]?js|ts)$/i.test(path),
  );
}

function version({ head, describe, dirty }: State): string | null {
  if (head === null) return null;
  return `${describe ?? head.slice(0, 8)}${dirty ? ' (dirty)' : ''}`;
}
