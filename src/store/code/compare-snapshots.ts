/** What git tells of two states of a repository, out of Spoor's own repositories alone. */
import { join } from 'node:path';
import type { GitOptions, OwnRepository, RunGit } from '../../model/code-port.ts';
import { alternate } from './history.ts';

/** A snapshot, and the commit that was checked out. */
export interface CodeState {
  own: OwnRepository;
  snapshot: string | null;
  head: string | null;
}

export interface SnapshotFile {
  path: string;
  mode: string;
  bytes: number | null;
}

export interface FileDifference {
  before: SnapshotFile | null;
  after: SnapshotFile | null;
  /** Null for what is not text. */
  lines: { added: number; removed: number } | null;
}

export interface HeadCommits {
  count: number;
  /** The latest first. */
  latest: { commit: string; title: string }[];
}

const milliseconds = 60_000;

/** Renames are looked for among at most so many files. */
const rename = ['-M', '-l2000'];

/** Both in one view: git reads the other's objects as alternates, and writes nothing. */
function optionsFor(before: CodeState, after: CodeState): GitOptions {
  const { gitDirectory } = after.own;
  if (before.own.gitDirectory === gitDirectory) return { gitDirectory, milliseconds };
  const objects = alternate(join(before.own.gitDirectory, 'objects'));
  return { gitDirectory, milliseconds, variables: { GIT_ALTERNATE_OBJECT_DIRECTORIES: objects } };
}

/** File by file, renames found; null where a snapshot is not there or cannot be read. */
export async function compareSnapshots(
  git: RunGit,
  before: CodeState,
  after: CodeState,
): Promise<FileDifference[] | null> {
  if (before.snapshot === null || after.snapshot === null || before.own.format !== after.own.format) return null;
  const options = optionsFor(before, after);
  const trees = ['--end-of-options', `${before.snapshot}^{tree}`, `${after.snapshot}^{tree}`];
  const listed = await git(['diff-tree', '-r', ...rename, '-z', '--raw', '--numstat', ...trees], options);
  if (listed.status !== 0) return null;
  const entries = parseRaw(listed.stdout.toString('utf8'));
  const names = entries.flatMap(({ from, to }) => [from, to]).filter((name) => !/^0*$/.test(name));
  const sizes = await sizesOf(git, [...new Set(names)], options);
  return entries.map(({ before: old, after: now, from, to, lines }) => ({
    before: old && { ...old, bytes: sizes.get(from) ?? null },
    after: now && { ...now, bytes: sizes.get(to) ?? null },
    lines,
  }));
}

interface Entry {
  before: { path: string; mode: string } | null;
  after: { path: string; mode: string } | null;
  /** Object names. */
  from: string;
  to: string;
  lines: { added: number; removed: number } | null;
}

/** The answer of `diff-tree -z --raw --numstat`: all of the one, then all of the other, in the same order. */
function parseRaw(text: string): Entry[] {
  const fields = text.split('\0');
  const entries: Entry[] = [];
  let at = 0;
  for (; fields[at]?.startsWith(':'); at++) {
    const [fromMode = '', toMode = '', from = '', to = '', status = ''] = fields[at]!.slice(1).split(' ');
    const oldPath = fields[++at] ?? '';
    const newPath = /^[RC]/.test(status) ? (fields[++at] ?? '') : oldPath;
    entries.push({
      before: status === 'A' ? null : { path: oldPath, mode: fromMode },
      after: status === 'D' ? null : { path: newPath, mode: toMode },
      from,
      to,
      lines: null,
    });
  }
  for (const entry of entries) {
    const [added = '-', removed = '-', path] = (fields[at++] ?? '').split('\t');
    if (path === '') at += 2;
    if (added !== '-') entry.lines = { added: Number(added), removed: Number(removed) };
  }
  return entries;
}

async function sizesOf(git: RunGit, names: readonly string[], options: GitOptions): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const input = Buffer.from(names.map((name) => `${name}\n`).join(''));
  const { stdout } = await git(['cat-file', '--batch-check'], { ...options, input });
  const sizes = stdout.toString('latin1').matchAll(/^([0-9a-f]+) blob (\d+)$/gm);
  return new Map([...sizes].map((match) => [match[1]!, Number(match[2])]));
}

/**
 * Commits that only one of the two heads has, of each at most `most`; null where a head is not there.
 * Both empty where the heads are one.
 */
export async function compareHeads(
  git: RunGit,
  before: CodeState,
  after: CodeState,
  most: number,
): Promise<{ before: HeadCommits; after: HeadCommits } | null> {
  if (before.head === null || after.head === null || before.own.format !== after.own.format) return null;
  const options = optionsFor(before, after);
  const side = async (from: string, to: string): Promise<HeadCommits | null> => {
    const range = ['--end-of-options', to, `^${from}`];
    const [counted, listed] = await Promise.all([
      git(['rev-list', '--count', ...range], options),
      git(['log', `-${most}`, '--topo-order', '--no-show-signature', '--format=%H %s', ...range], options),
    ]);
    if (counted.status !== 0 || listed.status !== 0) return null;
    const lines = listed.stdout.toString('utf8').split('\n').filter(Boolean);
    return {
      count: Number(counted.stdout),
      latest: lines.map((line) => ({
        commit: line.slice(0, line.indexOf(' ')),
        title: line.slice(line.indexOf(' ') + 1),
      })),
    };
  };
  const [back, ahead] = await Promise.all([side(after.head, before.head), side(before.head, after.head)]);
  return back && ahead && { before: back, after: ahead };
}

/** The whole difference as `git apply` takes it, paths below `a/<name>/` and `b/<name>/`; null where it cannot be told. */
export async function patchOf(
  git: RunGit,
  before: CodeState,
  after: CodeState,
  name: string,
): Promise<Uint8Array | null> {
  if (before.snapshot === null || after.snapshot === null || before.own.format !== after.own.format) return null;
  const trees = ['--end-of-options', `${before.snapshot}^{tree}`, `${after.snapshot}^{tree}`];
  const prefixes = [`--src-prefix=a/${name}/`, `--dst-prefix=b/${name}/`];
  const told = await git(
    ['diff-tree', '-r', ...rename, '-p', '--binary', ...prefixes, ...trees],
    optionsFor(before, after),
  );
  return told.status === 0 ? told.stdout : null;
}

/** The same of one file alone. @param paths its former and its present one */
export async function patchOfFile(
  git: RunGit,
  before: CodeState,
  after: CodeState,
  paths: readonly string[],
): Promise<Uint8Array | null> {
  if (before.snapshot === null || after.snapshot === null || before.own.format !== after.own.format) return null;
  const trees = ['--end-of-options', `${before.snapshot}^{tree}`, `${after.snapshot}^{tree}`];
  const told = await git(['diff-tree', '-r', ...rename, '-p', ...trees, '--', ...paths], optionsFor(before, after));
  return told.status === 0 ? told.stdout : null;
}

/** The difference of two texts that stand nowhere in git, as a patch. @param scratch an empty directory */
export async function patchOfTexts(
  git: RunGit,
  scratch: string,
  names: readonly [string, string],
): Promise<Uint8Array> {
  const args = ['diff', '--no-index', '--no-ext-diff', '--no-textconv', '--no-prefix', '--', ...names];
  const told = await git(args, { gitDirectory: scratch, directory: scratch, variables: { GIT_DIR: undefined } });
  return told.stdout;
}
