import { isAbsolute, join } from 'node:path';
import type { ObjectFormat, RunGit } from '../../model/code-port.ts';
import { stripCredentials } from '../../model/secrets.ts';
import type { GitPlace } from './git-directory.ts';
import { codeLimits } from './limits.ts';
import { asText, fromText } from './names.ts';
import { readSmall } from './read-small.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The repository's and the user's git configuration, only ever looked at. */
export class UserConfig {
  readonly #values = new Map<string, string[]>();

  /** @param list of `git config --list -z`: key, newline, value; keys without value stand for true */
  constructor(list: string) {
    for (const entry of list.split('\0')) {
      if (entry === '') continue;
      const end = entry.indexOf('\n');
      const key = end < 0 ? entry : entry.slice(0, end);
      const values = this.#values.get(key) ?? [];
      values.push(end < 0 ? 'true' : entry.slice(end + 1));
      this.#values.set(key, values);
    }
  }

  /** The value that counts. Section and variable in lower case. */
  get(key: string): string | null {
    return this.#values.get(key)?.at(-1) ?? null;
  }

  /** @returns null where it is not set or no boolean */
  flag(key: string): boolean | null {
    const value = this.get(key)?.toLowerCase();
    if (value === undefined) return null;
    if (/^(true|yes|on|[1-9]\d*)$/.test(value)) return true;
    return /^(false|no|off|0|)$/.test(value) ? false : null;
  }

  get format(): ObjectFormat {
    return this.get('extensions.objectformat') === 'sha256' ? 'sha256' : 'sha1';
  }

  /** Remotes in the order of the configuration, without credentials. */
  get remotes(): { name: string; url: string }[] {
    return this.#below('remote.', '.url').map(({ name, value }) => ({
      name: asText(name) ?? name,
      url: stripCredentials(asText(value) ?? value),
    }));
  }

  get isPartial(): boolean {
    const promised = this.#below('remote.', '.promisor').some(({ value }) => value !== 'false');
    return promised || this.get('extensions.partialclone') !== null;
  }

  /** The remote and the remote-tracking reference that a branch follows. */
  upstream(branch: string): { remote: string; reference: string } | null {
    const name = fromText(branch);
    const remote = this.get(`branch.${name}.remote`);
    const merge = this.get(`branch.${name}.merge`);
    if (remote === null || merge === null) return null;
    if (remote === '.') return { remote, reference: merge };
    for (const refspec of this.#values.get(`remote.${remote}.fetch`) ?? []) {
      const [from = '', to = ''] = refspec.replace(/^\+/, '').split(':');
      if (from === merge && to !== '') return { remote, reference: to };
      const star = from.indexOf('*');
      if (star < 0 || !merge.startsWith(from.slice(0, star)) || !merge.endsWith(from.slice(star + 1))) continue;
      const middle = merge.slice(star, merge.length - (from.length - star - 1));
      return { remote, reference: to.replace('*', () => middle) };
    }
    return null;
  }

  /** A file that a key names, `~` resolved; null unless absolute. */
  path(key: string, home: string | null): string | null {
    const value = asText(this.get(key) ?? '') ?? '';
    const path = home !== null && value.startsWith('~/') ? join(home, value.slice(2)) : value;
    return isAbsolute(path) ? path : null;
  }

  #below(section: string, variable: string): { name: string; value: string }[] {
    const found: { name: string; value: string }[] = [];
    for (const [key, values] of this.#values) {
      if (!key.startsWith(section) || !key.endsWith(variable)) continue;
      const name = key.slice(section.length, -variable.length);
      if (name !== '') found.push({ name, value: values[0] ?? '' });
    }
    return found;
  }
}

/** What git is asked for its configuration, and the variables that say where it lies. */
const list = ['config', '--list', '-z'];
const whereabouts = ({
  HOME,
  XDG_CONFIG_HOME,
  GIT_CONFIG_GLOBAL,
  GIT_CONFIG_SYSTEM,
  GIT_CONFIG_NOSYSTEM,
}: Environment) => ({ HOME, XDG_CONFIG_HOME, GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM, GIT_CONFIG_NOSYSTEM });

/**
 * System and user configuration, which all repositories share: asked for once.
 * @returns `git config --list -z` outside of any repository; null where a repository must be asked for
 *   by itself, since it decides what is included or git did not answer
 */
export async function listUserConfig(git: RunGit, environment: Environment): Promise<string | null> {
  const where = { gitDirectory: '/nonexistent', directory: '/', milliseconds: codeLimits.milliseconds };
  const { status, stdout } = await git(list, { ...where, variables: whereabouts(environment) });
  const text = stdout.toString('latin1');
  return status !== 0 || /(^|\0)includeif\./.test(text) ? null : text;
}

/**
 * Reads system, user and repository configuration as git itself puts them together. Listing runs
 * nothing that is configured.
 * @param users what `listUserConfig` says
 * @returns `problem` when that fails: then at most the repository's own file, without what it
 *   includes, is in `config`
 */
export async function readUserConfig(
  git: RunGit,
  place: GitPlace,
  top: string,
  environment: Environment,
  users: Promise<string | null>,
  milliseconds: number,
): Promise<{ config: UserConfig; problem: string | null }> {
  const plain = plainList(readSmall(join(place.commonDirectory, 'config'), longestPlain));
  const shared = plain === null ? null : await users;
  if (plain !== null && shared !== null) return { config: new UserConfig(shared + plain), problem: null };
  const where = { gitDirectory: place.gitDirectory, directory: top, workTree: top, milliseconds };
  const whole = await git(list, { ...where, variables: whereabouts(environment) });
  if (whole.status === 0) return { config: new UserConfig(whole.stdout.toString('latin1')), problem: null };
  if (whole.failure === 'missing') return { config: new UserConfig(''), problem: null };
  const own = await git([...list, '--no-includes', '--file', join(place.commonDirectory, 'config')], where);
  const problem = whole.stderr.trim().split('\n')[0] || `git did not answer (${whole.failure})`;
  return { config: new UserConfig(own.status === 0 ? own.stdout.toString('latin1') : ''), problem };
}

const longestPlain = 256 * 1024;
/** They draw other files in, or change what the rest of the file means. */
const notPlain = new Set(['include', 'includeif', 'extensions']);

/**
 * A configuration file as `git config --list -z` tells it, where it is as git itself writes most of
 * them. Quotes, escapes, continued lines, comments behind values, included files and extensions are
 * left to git.
 * @returns null for what is to be left to git
 */
export function plainList(text: string | null): string | null {
  if (text === null) return null;
  let entries = '';
  let section = '';
  for (const line of text.split('\n')) {
    if (/^[ \t]*([#;][ -\xff]*)?$/.test(line)) continue;
    const header = /^\[([A-Za-z0-9-]+)(?: "([^"\\\x00-\x1f]*)")?\]$/.exec(line);
    if (header !== null) {
      const name = header[1]!.toLowerCase();
      if (notPlain.has(name)) return null;
      section = header[2] === undefined ? `${name}.` : `${name}.${header[2]}.`;
      continue;
    }
    const value = /^[ \t]*([A-Za-z][A-Za-z0-9-]*) = ([^"\\#;\x00-\x20][^"\\#;\x00-\x1f]*)$/.exec(line);
    if (value === null || section === '') return null;
    // Another layout of the repository than the one that is understood here.
    if (section === 'core.' && /^repositoryformatversion$/i.test(value[1]!) && value[2] !== '0') return null;
    entries += `${section}${value[1]!.toLowerCase()}\n${value[2]!.replace(/ +$/, '')}\0`;
  }
  return entries;
}
