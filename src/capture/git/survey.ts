import { rmSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodePort, ObjectFormat } from '../../model/code-port.ts';
import type { RepoState, Warning } from '../../model/facts.ts';
import { makeFacade } from './facade.ts';
import { belongs, type GitPlace, locateGit } from './git-directory.ts';
import { type CodeLimits, deepestNesting, mostNested } from './limits.ts';
import { firstLine, type Look, look } from './look.ts';
import { asText, type ByteName, shownName } from './names.ts';
import { orNull } from './read-small.ts';
import { type Repository, readRepository, remoteOf } from './repository.ts';
import type { Selection } from './select.ts';
import { isForeign, isKeptThoughIgnored, type WalkBudget, walkSources } from './source-files.ts';
import type { StatusEntry } from './status.ts';
import type { Environment } from './user-config.ts';
import { conditionsOf, damageWarning, failureWarning, warning } from './warnings.ts';

/** What one capture shares over a repository and those nested in it. */
export interface Capture {
  /** The outermost work tree. */
  top: string;
  port: CodePort;
  environment: Environment;
  /** What `listUserConfig` says. */
  users: Promise<string | null>;
  limits: CodeLimits;
  selection: Selection;
  walk: WalkBudget;
  warnings: Warning[];
  nested: RepoState['nested'];
  /** Repositories whose commits are to be kept. */
  histories: { gitDirectory: string; head: string; format: ObjectFormat }[];
  /** Directories inside which nested repositories may keep what git knows. */
  outer: string[];
  /** What goes on beside the capture and is to be waited for before it ends. */
  settled: Promise<unknown>[];
}

/** What is known of one work tree. */
export interface Survey {
  repository: Repository | null;
  /** Null where git could not list the files; then none are selected. */
  look: Look | null;
  /** Of this work tree and, below their paths, of those nested in it. */
  changed: StatusEntry[];
  /** Null where git could not say. */
  dirty: boolean | null;
}

/**
 * Looks at a work tree and at those in it, and selects the files of the snapshot.
 * @param prefix name of this work tree below the outermost one: empty, or with `/` at the end
 * @param place null without a usable repository: then all files count as untracked
 */
export async function survey(
  capture: Capture,
  prefix: ByteName,
  place: GitPlace | null,
  depth = 0,
  repository?: Repository,
): Promise<Survey> {
  const { port, environment, warnings } = capture;
  const { milliseconds } = capture.limits;
  const top = topOf(capture, prefix);
  const known =
    repository ?? (place && (await readRepository(port, top, place, environment, capture.users, milliseconds)));
  const facade = await port.scratch();
  try {
    const format = known?.config.format ?? 'sha1';
    makeFacade(facade, known && { ...known, environment }, format, known?.head.commit ?? null);
  } catch (error) {
    removeFacade(facade);
    throw error;
  }
  const looking = look(port, top, facade, known, milliseconds);
  capture.settled.push(Promise.allSettled([looking]).then(() => removeFacade(facade)));

  if (known) warnings.push(...conditionsOf(top, known));
  const found: Survey = { repository: known, look: null, changed: [], dirty: null };
  if (known?.head.commit) {
    const { format } = known.config;
    capture.histories.push({ gitDirectory: known.place.commonDirectory, head: known.head.commit, format });
  }
  const looked = await looking;
  if ('failed' in looked) {
    warnings.push(failureWarning(top, firstLine(looked.failed), looked.failed.failure));
    return found;
  }
  if (looked.without.length > 0) warnings.push(damageWarning(top, looked.without, looked.problem));
  return select(capture, prefix, { ...found, look: looked }, looked, depth);
}

/** Its links are removed, not what they lead to. */
function removeFacade(facade: string): void {
  orNull(() => rmSync(facade, { recursive: true, force: true }));
}

function topOf({ top }: Capture, prefix: ByteName): string {
  return prefix === '' ? top : join(top, asText(prefix) ?? '');
}

async function select(capture: Capture, prefix: ByteName, found: Survey, looked: Look, depth: number): Promise<Survey> {
  const { selection } = capture;
  const { status, tracked } = looked;
  const isDirectory = (name: ByteName) => name.endsWith('/');
  const named = (names: ByteName[]) => names.map((name) => prefix + name);
  await selection.add(named(tracked.files), 'tracked');
  await selection.add(named(status.untracked.filter((name) => !isDirectory(name))), 'untracked');
  const embedded = status.untracked.filter(isDirectory).map((name) => name.slice(0, -1));
  const changed: StatusEntry[] = [...status.changed, ...status.untracked.map((path) => ({ path, letters: '??' }))].map(
    ({ path, letters }) => ({ path: prefix + path, letters }),
  );
  let dirty = changed.length > 0;
  for (const [name, submodule] of [
    ...[...tracked.submodules.keys()].map((each) => [each, true] as const),
    ...embedded.map((each) => [each, false] as const),
  ]) {
    const inner = await surveyNested(capture, `${prefix}${name}/`, submodule, depth + 1);
    if (inner === null) continue;
    changed.push(...inner.changed);
    dirty ||= inner.dirty !== false;
  }
  await selectIgnored(capture, prefix, status.ignored);
  if (tracked.unwatched.length > 0) await warnOfUnwatched(capture, prefix, tracked.unwatched);
  return { ...found, changed, dirty: looked.without.length > 0 ? null : dirty };
}

/** @returns null where there is nothing, as for a submodule that was never checked out */
async function surveyNested(
  capture: Capture,
  prefix: ByteName,
  submodule: boolean,
  depth: number,
): Promise<Survey | null> {
  const { warnings, nested } = capture;
  const path = shownName(prefix.slice(0, -1));
  const text = asText(prefix);
  if (text === null || depth > deepestNesting || nested.length >= mostNested) {
    const why = text === null ? 'its name is not UTF-8' : 'there are too many repositories inside each other';
    warnings.push(warning('nested-repository', `${path} in ${capture.top} is kept as source files only: ${why}`));
    await selectWalked(capture, prefix, 'untracked');
    return null;
  }
  const top = topOf(capture, prefix);
  if (!(await lstat(top).catch(() => null))?.isDirectory()) return null;
  let place = locateGit(top);
  if (place !== null && typeof place !== 'string' && !belongs(place, top, capture.outer)) {
    place = `it is kept in ${place.gitDirectory}, which does not belong to it`;
  }
  if (typeof place === 'string') {
    const hint = submodule ? 'Its files are kept. `git submodule update --init` may mend it.' : 'Its files are kept.';
    warnings.push(warning('corrupt-repository', `the repository of ${top} cannot be used: ${place}`, hint));
    place = null;
  }
  if (place !== null) capture.outer.push(place.gitDirectory);
  const entry: RepoState['nested'][number] = { path, submodule, head: null, branch: null, dirty: null, remote: null };
  const at = nested.push(entry) - 1;
  const inner = await survey(capture, prefix, place, depth);
  nested[at] = {
    ...entry,
    head: inner.repository?.head.commit ?? null,
    branch: inner.repository?.head.branch ?? null,
    dirty: place === null ? null : inner.dirty,
    remote: inner.repository ? remoteOf(inner.repository) : null,
  };
  if (place !== null) return inner;
  // Without a repository all its files are new, which says nothing; an empty directory is no repository.
  if (inner.changed.length === 0) nested.splice(at, 1);
  return { ...inner, changed: [], dirty: false };
}

/** Ignored source and configuration, which a trainer could import. */
async function selectIgnored(capture: Capture, prefix: ByteName, ignored: readonly ByteName[]): Promise<void> {
  const files = ignored.filter((name) => !name.endsWith('/') && isKeptThoughIgnored(name));
  await capture.selection.add(
    files.map((name) => prefix + name),
    'ignored',
  );
  for (const name of ignored) {
    if (name.endsWith('/') && !isForeign(name)) await selectWalked(capture, prefix + name, 'ignored');
  }
}

async function selectWalked(capture: Capture, prefix: ByteName, standing: 'untracked' | 'ignored'): Promise<void> {
  const { files, whole } = await walkSources(capture.top, prefix.slice(0, -1), capture.walk);
  await capture.selection.add(files, standing);
  if (whole) return;
  const hint = 'Some directory cannot be read, or there are too many files in ignored directories.';
  const message = `not all source files in ${shownName(prefix)} of ${capture.top} were looked for`;
  capture.warnings.push(warning('walk-incomplete', message, hint));
}

async function warnOfUnwatched(capture: Capture, prefix: ByteName, names: readonly ByteName[]): Promise<void> {
  const { top, warnings } = capture;
  const there: ByteName[] = [];
  for (const name of names) {
    const text = asText(prefix + name);
    if (text !== null && (await lstat(join(top, text)).catch(() => null))) there.push(name);
  }
  if (there.length === 0) return;
  const hint = '`git ls-files -v` lists them in lower case or with S.';
  const message = `git does not watch ${there.length} files in ${topOf(capture, prefix)}, such as ${shownName(there[0]!)}: they are kept as they are, but count as unchanged`;
  warnings.push(warning('unwatched-files', message, hint));
}
