import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { CodePort } from '../../model/code-port.ts';
import type { Standing } from '../../model/later.ts';
import type { GitPlace } from './git-directory.ts';
import { type Head, readHead, readReference } from './head.ts';
import { asText } from './names.ts';
import { orNull } from './read-small.ts';
import { type Environment, readUserConfig, type UserConfig } from './user-config.ts';

/** A repository of the user's, as far as it can be known without its work tree. */
export interface Repository {
  place: GitPlace;
  head: Head;
  config: UserConfig;
  isShallow: boolean;
  /** Why the configuration could not be read as a whole. */
  problem: string | null;
}

export async function readRepository(
  port: CodePort,
  top: string,
  place: GitPlace,
  environment: Environment,
  users: Promise<string | null>,
  milliseconds: number,
): Promise<Repository> {
  const head = readHead(place);
  const { config, problem } = await readUserConfig(port.git, place, top, environment, users, milliseconds);
  const shallow = orNull(() => statSync(join(place.commonDirectory, 'shallow')));
  const isShallow = shallow !== null && shallow.size > 0;
  const known = head.state === 'foreign' ? await askHead(port, place, milliseconds) : head;
  return { place, head: known, config, isShallow, problem };
}

/** HEAD of a repository whose references only git can read; these questions run nothing that is configured. */
async function askHead(port: CodePort, place: GitPlace, milliseconds: number): Promise<Head> {
  const options = { gitDirectory: place.gitDirectory, milliseconds };
  const [commit, branch] = await Promise.all([
    port.git(['rev-parse', '--verify', '--quiet', 'HEAD'], options),
    port.git(['symbolic-ref', '--quiet', '--short', 'HEAD'], options),
  ]);
  if (commit.status !== 0 && branch.status !== 0) return { commit: null, branch: null, state: 'foreign' };
  return {
    commit: commit.status === 0 ? commit.stdout.toString('latin1').trim() : null,
    branch: branch.status === 0 ? branch.stdout.toString('utf8').trim() : null,
    state: commit.status === 0 ? 'born' : 'unborn',
  };
}

/** URL of the upstream's remote, else of `origin`, else of any. */
export function remoteOf({ head, config }: Repository): string | null {
  const upstream = head.branch === null ? null : config.upstream(head.branch);
  const { remotes } = config;
  const named = (name: string) => remotes.find((each) => each.name === name)?.url;
  return named(asText(upstream?.remote ?? '') ?? '') ?? named('origin') ?? remotes[0]?.url ?? null;
}

/** What is to be asked about where HEAD stands among the commits; null where nothing is committed. */
export function standingOf({ place, head, config }: Repository): Standing | null {
  if (head.commit === null) return null;
  const upstream = head.branch === null ? null : config.upstream(head.branch);
  const followed = upstream === null ? 'absent' : readReference(place, upstream.reference);
  return {
    gitDirectory: place.commonDirectory,
    head: head.commit,
    followed: followed === 'absent' ? null : followed,
  };
}
