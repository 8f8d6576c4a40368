import { isAbsolute, join } from 'node:path';
import type { ObjectFormat, RunGit } from '../../model/code-port.ts';
import { stripCredentials } from '../../model/secrets.ts';
import type { GitPlace } from './git-directory.ts';
import { asText, fromText } from './names.ts';

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

/**
 * Reads system, user and repository configuration as git itself puts them together. Listing runs
 * nothing that is configured.
 * @returns `problem` when that fails: then at most the repository's own file, without what it
 *   includes, is in `config`
 */
export async function readUserConfig(
  git: RunGit,
  place: GitPlace,
  top: string,
  environment: Environment,
  milliseconds: number,
): Promise<{ config: UserConfig; problem: string | null }> {
  const user = {
    HOME: environment.HOME,
    XDG_CONFIG_HOME: environment.XDG_CONFIG_HOME,
    GIT_CONFIG_GLOBAL: environment.GIT_CONFIG_GLOBAL,
    GIT_CONFIG_SYSTEM: environment.GIT_CONFIG_SYSTEM,
    GIT_CONFIG_NOSYSTEM: environment.GIT_CONFIG_NOSYSTEM,
  };
  const list = ['config', '--list', '-z'];
  const where = { gitDirectory: place.gitDirectory, directory: top, workTree: top, milliseconds };
  const whole = await git(list, { ...where, variables: user });
  if (whole.status === 0) return { config: new UserConfig(whole.stdout.toString('latin1')), problem: null };
  if (whole.failure === 'missing') return { config: new UserConfig(''), problem: null };
  const own = await git([...list, '--no-includes', '--file', join(place.commonDirectory, 'config')], where);
  const problem = whole.stderr.trim().split('\n')[0] || `git did not answer (${whole.failure})`;
  return { config: new UserConfig(own.status === 0 ? own.stdout.toString('latin1') : ''), problem };
}
