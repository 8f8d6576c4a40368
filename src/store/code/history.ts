import { lstat, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunGit } from '../../model/code-port.ts';
import { syncDirectory, writeDurably } from '../durable.ts';
import { readRef, writeRef } from './refs.ts';

/** A shallow file of a million commits; what is larger is not read. */
const longestShallow = 41_000_000;
const milliseconds = 30 * 60_000;

export type HistoryKept =
  | { kept: true; missing: number }
  /** `reason` is what git said, for a warning. */
  | { kept: false; reason: string };

/**
 * Copies the commits that lead to `head`, with all their files, from the user's repository into
 * Spoor's own, and names them `refs/spoor/history/<head>` when they are durable. What is kept already
 * is not copied again. Nothing of the user's is written, not even a time stamp: git reads the
 * objects as alternates of this one process, which writes only a pack. Objects the user's
 * repository does not have (a partial clone, damage) are left out and counted in `missing`.
 * @param from.gitDirectory the user's common git directory
 */
export async function keepHistory(
  git: RunGit,
  ownGitDirectory: string,
  from: { gitDirectory: string; head: string },
): Promise<HistoryKept> {
  const ref = `refs/spoor/history/${from.head}`;
  const kept = await keptHeads(git, ownGitDirectory);
  if ((await readRef(ownGitDirectory, ref)) === from.head && kept.includes(from.head))
    return { kept: true, missing: 0 };
  const objects = join(from.gitDirectory, 'objects');
  const there = await lstat(objects).catch(() => null);
  if (!there?.isDirectory()) return { kept: false, reason: `${objects} is no directory` };

  const shallow = await readShallow(join(from.gitDirectory, 'shallow'));
  const cut = await readShallow(join(ownGitDirectory, 'shallow'));
  // Where the user's history has been deepened since, what is kept does not reach its beginning.
  const bases = cut.every((commit) => shallow.includes(commit)) ? kept : [];
  const reason = await pack(git, ownGitDirectory, objects, from.head, shallow, bases);
  if (reason !== null) return { kept: false, reason };

  await updateShallow(git, ownGitDirectory, cut, shallow);
  const missing = await countMissing(git, ownGitDirectory, from.head, bases);
  if (missing === null) return { kept: false, reason: `commit ${from.head} is not in ${from.gitDirectory}` };
  await syncDirectory(join(ownGitDirectory, 'objects/pack'));
  await syncDirectory(join(ownGitDirectory, 'objects'));
  await writeRef(ownGitDirectory, ref, from.head);
  return { kept: true, missing };
}

/** Heads that are named as kept and are here: part of a home may have been copied or lost. */
async function keptHeads(git: RunGit, gitDirectory: string): Promise<string[]> {
  const names = await readdir(join(gitDirectory, 'refs/spoor/history')).catch(() => []);
  const heads = names.filter((name) => /^[0-9a-f]{40,64}$/.test(name));
  if (heads.length === 0) return [];
  const input = Buffer.from([...heads, ''].join('\n'));
  const { stdout } = await git(['cat-file', '--batch-check'], { gitDirectory, input });
  return [...stdout.toString('latin1').matchAll(/^([0-9a-f]+) commit /gm)].map((match) => match[1]!);
}

/** @returns null, or why there is no pack */
async function pack(
  git: RunGit,
  ownGitDirectory: string,
  objects: string,
  head: string,
  shallow: string[],
  kept: string[],
): Promise<string | null> {
  const packed = await git(
    [
      // In place of the list of Spoor's own repository, which holds where earlier copies were cut off.
      ...['--shallow-file', ''],
      ...['-c', 'core.fsync=all', 'pack-objects', '--revs', '--missing=allow-any', '--non-empty', '--quiet'],
      ...['--delta-base-offset', '--threads=1', join(ownGitDirectory, 'objects/pack/pack')],
    ],
    {
      gitDirectory: ownGitDirectory,
      variables: { GIT_ALTERNATE_OBJECT_DIRECTORIES: alternate(objects) },
      input: Buffer.from(
        [...shallow.map((each) => `--shallow ${each}`), head, ...kept.map((k) => `^${k}`), ''].join('\n'),
      ),
      milliseconds,
      idle: true,
    },
  );
  if (packed.status === 0) return null;
  return lastLine(packed.stderr) || `git pack-objects did not end (${packed.failure})`;
}

/** A path in the list of alternates, where `:` would separate and a leading `"` begins C quoting. */
export function alternate(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

/** Commits at which the user's history is cut off. */
async function readShallow(path: string): Promise<string[]> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isFile() || found.size > longestShallow) return [];
  const text = await readFile(path, 'latin1').catch(() => '');
  return text.split('\n').filter((line) => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(line));
}

/** Own history is cut off where a commit is here and a parent of it is not. */
export async function updateShallow(
  git: RunGit,
  gitDirectory: string,
  before: string[],
  found: string[],
): Promise<void> {
  const path = join(gitDirectory, 'shallow');
  if (found.length === 0 && before.length === 0) return;
  const ask = async (command: string, names: string[]) =>
    (
      await git(['--no-replace-objects', 'cat-file', command], {
        gitDirectory,
        input: Buffer.from(names.map((n) => `${n}\n`).join('')),
      })
    ).stdout;
  const candidates = new Set([...before, ...found]);
  const parents = parentsOf((await ask('--batch', [...candidates])).toString('latin1'));
  const answers = (await ask('--batch-check', [...new Set(parents.values())].flat())).toString('latin1');
  const absent = new Set([...answers.matchAll(/^([0-9a-f]+) missing$/gm)].map((match) => match[1]));
  const cut = [...parents]
    .filter(([commit, each]) => candidates.has(commit) && each.some((parent) => absent.has(parent)))
    .map(([commit]) => commit);
  if (cut.sort().join() === before.toSorted().join()) return;
  if (cut.length === 0) await unlink(path);
  else await writeDurably(path, Buffer.from(`${cut.join('\n')}\n`), { mode: 0o600 });
}

/** Parents by commit, from the answer of `cat-file --batch`. */
function parentsOf(answer: string): Map<string, string[]> {
  const parents = new Map<string, string[]>();
  for (const match of answer.matchAll(/^([0-9a-f]{40,64}) commit \d+\ntree [0-9a-f]+\n((?:parent [0-9a-f]+\n)*)/gm)) {
    parents.set(
      match[1]!,
      [...match[2]!.matchAll(/parent ([0-9a-f]+)/g)].map((parent) => parent[1]!),
    );
  }
  return parents;
}

/** How many objects that lead to `head` are not here; null if `head` itself is not. */
async function countMissing(git: RunGit, gitDirectory: string, head: string, kept: string[]): Promise<number | null> {
  const input = Buffer.from([head, ...kept.map((each) => `^${each}`), ''].join('\n'));
  const options = { gitDirectory, milliseconds, idle: true };
  const there = await git(['cat-file', '-e', `${head}^{commit}`], options);
  if (there.status !== 0) return null;
  const listed = await git(['rev-list', '--objects', '--missing=print', '--ignore-missing', '--stdin'], {
    ...options,
    input,
  });
  return listed.stdout
    .toString('latin1')
    .split('\n')
    .filter((line) => line.startsWith('?')).length;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
