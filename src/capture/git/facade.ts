/**
 * The user's references, objects and HEAD under a configuration of Spoor's: a directory that git
 * takes for the repository. So git can be asked anything about it, and nothing that the repository
 * configures is in force: no filter, hook, monitor, pager, remote, alias or submodule command.
 */
import { copyFileSync, lstatSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectFormat } from '../../model/code-port.ts';
import type { GitPlace } from './git-directory.ts';
import { orNull, readSmall } from './read-small.ts';
import type { Environment, UserConfig } from './user-config.ts';

/** No list of patterns that people write is longer. */
const longestPatterns = 4 * 1024 * 1024;
const longestIndex = 1024 * 1024 * 1024;
const unborn = 'ref: refs/spoor-unborn\n';

/** How the user's git compares a work tree with its index; each value is checked against its pattern. */
const obeyed: readonly [string, RegExp][] = [
  ['core.filemode', /^(true|false)$/i],
  ['core.symlinks', /^(true|false)$/i],
  ['core.ignorecase', /^(true|false)$/i],
  ['core.trustctime', /^(true|false)$/i],
  ['core.checkstat', /^(default|minimal)$/i],
  ['core.precomposeunicode', /^(true|false)$/i],
  ['core.autocrlf', /^(true|false|input)$/i],
  ['core.eol', /^(lf|crlf|native)$/i],
];

export interface FacadeOf {
  place: GitPlace;
  config: UserConfig;
  environment: Environment;
}

/**
 * Lays the facade out in an empty directory.
 * @param source null for a directory without a (usable) repository: then all files are untracked
 * @param format of the user's objects
 * @param head what HEAD shall be
 */
export function makeFacade(
  directory: string,
  source: FacadeOf | null,
  format: ObjectFormat,
  head: string | null,
): void {
  mkdirSync(join(directory, 'info'));
  if (source === null) {
    mkdirSync(join(directory, 'objects'));
    mkdirSync(join(directory, 'refs'));
  } else {
    const { commonDirectory, gitDirectory } = source.place;
    for (const part of ['objects', 'refs', 'packed-refs'])
      symlinkSync(join(commonDirectory, part), join(directory, part));
    for (const part of ['info/exclude', 'info/attributes', 'shallow']) {
      copyPatterns(join(commonDirectory, part), join(directory, part));
    }
    copySharedIndex(gitDirectory, directory);
  }
  writeConfiguration(directory, source, format);
  setHead(directory, head);
}

/**
 * Other git processes may be reading it meanwhile.
 * @param commit null: as if nothing were committed
 */
export function setHead(directory: string, commit: string | null): void {
  writeFileSync(join(directory, 'HEAD.new'), commit === null ? unborn : `${commit}\n`);
  renameSync(join(directory, 'HEAD.new'), join(directory, 'HEAD'));
}

function writeConfiguration(directory: string, source: FacadeOf | null, format: ObjectFormat): void {
  const lines = [
    `core.repositoryformatversion=${format === 'sha1' ? 0 : 1}`,
    'core.bare=false',
    'core.fsmonitor=false',
    'core.untrackedcache=false',
    'core.hookspath=/dev/null',
    'core.commitgraph=false',
    'protocol.allow=never',
    'gc.auto=0',
    'submodule.recurse=false',
    ...(format === 'sha1' ? [] : [`extensions.objectformat=${format}`]),
  ];
  for (const [key, pattern] of obeyed) {
    const value = source?.config.get(key) ?? '';
    if (pattern.test(value)) lines.push(`${key}=${value}`);
  }
  for (const [key, standard] of [
    ['core.excludesfile', 'ignore'],
    ['core.attributesfile', 'attributes'],
  ] as const) {
    lines.push(`${key}=${source === null ? '/dev/null' : patternFile(source, key, standard)}`);
  }
  writeFileSync(join(directory, 'config'), lines.map(asConfiguration).join(''));
}

/** The user's own list of patterns, where it is a file that can be read without harm. */
function patternFile({ config, environment }: FacadeOf, key: string, standard: string): string {
  const home = environment.HOME ?? null;
  const base = environment.XDG_CONFIG_HOME || (home === null ? null : join(home, '.config'));
  const path = config.get(key) === null ? base && join(base, 'git', standard) : config.path(key, home);
  return path !== null && readSmall(path, longestPatterns) !== null ? path : '/dev/null';
}

function asConfiguration(line: string): string {
  const at = line.indexOf('=');
  const [section, variable] = line.slice(0, at).split('.');
  const value = line
    .slice(at + 1)
    .replace(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n');
  return `[${section}]\n\t${variable} = "${value}"\n`;
}

function copyPatterns(from: string, to: string): void {
  const text = readSmall(from, longestPatterns);
  if (text !== null) writeFileSync(to, text, 'latin1');
}

/** A split index lies in two files; git would touch the time of the shared one in place. */
function copySharedIndex(gitDirectory: string, directory: string): void {
  for (const name of orNull(() => readdirSync(gitDirectory)) ?? []) {
    if (!/^sharedindex\.[0-9a-f]{40,64}$/.test(name)) continue;
    const found = orNull(() => lstatSync(join(gitDirectory, name)));
    if (found?.isFile() && found.size < longestIndex) copyFileSync(join(gitDirectory, name), join(directory, name));
  }
}
