import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodePort } from '../../model/code-port.ts';
import type { GitPlace } from './git-directory.ts';
import { type Head, readHead, readReference } from './head.ts';
import { asText } from './names.ts';
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
  milliseconds: number,
): Promise<Repository> {
  const [head, { config, problem }, shallow] = await Promise.all([
    readHead(place),
    readUserConfig(port.git, place, top, environment, milliseconds),
    stat(join(place.commonDirectory, 'shallow')).catch(() => null),
  ]);
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

/** Where HEAD stands among the commits, as git knows it without network. */
export interface Position {
  describe: string | null;
  ahead: number | null;
  behind: number | null;
  /** URL of the upstream's remote, else of `origin`. */
  remote: string | null;
}

/** @param facade made for the repository */
export async function positionOf(
  port: CodePort,
  facade: string,
  { place, head, config }: Repository,
  milliseconds: number,
): Promise<Position> {
  const upstream = head.branch === null ? null : config.upstream(head.branch);
  const { remotes } = config;
  const named = (name: string) => remotes.find((each) => each.name === name)?.url;
  const remote = named(asText(upstream?.remote ?? '') ?? '') ?? named('origin') ?? remotes[0]?.url ?? null;
  if (head.commit === null) return { describe: null, ahead: null, behind: null, remote };
  const followed = upstream === null ? 'absent' : await readReference(place, upstream.reference);
  const options = { gitDirectory: facade, milliseconds };
  const [described, counted] = await Promise.all([
    port.git(['describe', '--tags', '--always', head.commit], options),
    followed === null || followed === 'absent'
      ? null
      : port.git(['rev-list', '--left-right', '--count', `${head.commit}...${followed}`], options),
  ]);
  const [ahead, behind] = counted?.status === 0 ? counted.stdout.toString('latin1').trim().split('\t').map(Number) : [];
  const text = described.status === 0 ? described.stdout.toString('utf8').trim() : '';
  return { describe: text || null, ahead: ahead ?? null, behind: behind ?? null, remote };
}
