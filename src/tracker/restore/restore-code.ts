import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import type { Omitted } from '../../model/facts.ts';
import type { Repo } from '../../model/run.ts';
import { materialise } from '../../store/code/materialise.ts';
import { makeWorkRepository } from '../../store/code/work-repository.ts';
import type { CodeRepositories } from '../../store/code-repositories.ts';
import { type FoundContent, pathOf } from './content.ts';
import { attempt, partsInside, placeInside } from './inside.ts';
import type { NotRestored } from './restored.ts';

export interface RestoredCode {
  repository: boolean;
  missing: NotRestored[];
}

/**
 * Writes a work tree as it was at launch, byte for byte, with what was too large to keep from wherever
 * it still stands; and makes git repositories of it and of those inside it where their history is kept.
 * @param path below `into`
 */
export async function restoreCode(
  port: CodeRepositories,
  repo: Repo,
  into: string,
  path: string,
  content: FoundContent,
): Promise<RestoredCode> {
  const workTree = join(into, path);
  await mkdir(workTree, { recursive: true });
  const lost = await writeSnapshot(port, repo, workTree);
  if (lost !== null) {
    return { repository: false, missing: [{ kind: 'code', path, reason: lost, sha256: null, bytes: null }] };
  }
  const missing: NotRestored[] = [];
  for (const omitted of repo.omitted) {
    const reason = await restoreOmitted(repo, omitted, workTree, content);
    if (reason === null) continue;
    const kind = omitted.reason === 'secret' ? 'secret' : 'code';
    missing.push({ kind, path: `${path}/${omitted.path}`, reason, sha256: omitted.sha256, bytes: omitted.bytes });
  }
  return { repository: await makeRepositories(port, repo, workTree), missing };
}

/** @returns null, or why its files are not there */
async function writeSnapshot(port: CodeRepositories, repo: Repo, workTree: string): Promise<string | null> {
  if (repo.kind === 'bare') return 'it is a bare repository: there were no files to keep';
  if (repo.snapshot === null || repo.code === null) return 'its files were not recorded';
  try {
    await materialise(port, port.named(repo.code), repo.snapshot, workTree);
    return null;
  } catch (error) {
    if (error instanceof SpoorError && (error.kind === 'corrupt' || error.kind === 'data')) return error.message;
    throw error;
  }
}

/** @returns null where it stands there now, or why not */
async function restoreOmitted(
  { path: original }: Repo,
  { path, reason, sha256 }: Omitted,
  workTree: string,
  content: FoundContent,
): Promise<string | null> {
  if (reason === 'secret') return 'it looks like a secret: only its hash was kept';
  const parts = partsInside(path);
  const why = `it was not kept (${reason})`;
  if (parts === null || sha256 === null) return why;
  return attempt(join(workTree, path), async () => {
    const place = await placeInside(workTree, parts);
    if (place === null) return `${why}, and something stands in the way of its folder`;
    const isFound = await content.copy(sha256, [pathOf(original, parts)], place);
    return isFound ? null : `${why}, and no file with its hash was found`;
  });
}

/** The innermost first, so that the outer ones find them. @returns whether the outermost is one */
async function makeRepositories(port: CodeRepositories, repo: Repo, workTree: string): Promise<boolean> {
  const { code, kind, head, branch, remotes, nested } = repo;
  if (code === null || kind !== 'git') return false;
  const own = port.named(code);
  for (const inner of nested.toReversed()) {
    const parts = partsInside(inner.path);
    if (inner.head === null || parts === null || parts.some((part) => /^\.git$/i.test(part.toString()))) continue;
    const place = await placeInside(workTree, [...parts, Buffer.from('.git')]).catch(() => null);
    const isThere = place !== null && (await lstat(place).catch(() => null)) === null;
    if (!isThere) continue;
    const origin = inner.remote === null ? [] : [{ name: 'origin', url: inner.remote }];
    const { head: at, branch: on } = inner;
    await makeWorkRepository(port, own, {
      workTree: join(workTree, inner.path),
      head: at,
      branch: on,
      remotes: origin,
    });
  }
  if (head !== null && !repo.history) return false;
  return (await makeWorkRepository(port, own, { workTree, head, branch, remotes })) === null;
}
