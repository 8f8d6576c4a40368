import { rm } from 'node:fs/promises';
import type { CodePort, OwnRepository, RunGit } from '../../model/code-port.ts';
import type { RepoState } from '../../model/facts.ts';
import type { LaterWork, Standing } from '../../model/later.ts';
import { likelySecretIn } from '../../model/secrets.ts';
import { makeFacade } from './facade.ts';
import { hashVersion } from './hash-file.ts';
import { pathBelow, shownName, splitNames } from './names.ts';
import { UserConfig } from './user-config.ts';

/** Larger files are no configuration; a secret that someone left in a file stands in a small one. */
const largestSearched = 256 * 1024;
const mostSearched = 20_000;
const mostBytes = 256 * 1024 * 1024;
/** Read at once, so that a repository of many files costs little memory. */
const batchBytes = 8 * 1024 * 1024;
const mostLikelySecrets = 200;

/**
 * Completes a repository's state after launch: where its HEAD stands among the commits, hashes of the
 * files that were left out, as far as they still are the versions that stood there at launch, and the
 * files of the snapshot that look as if they held a secret. Tell the result again as a `repository` fact.
 * @param own null where nothing of the repository is kept
 */
export async function finishRepository(
  port: CodePort,
  own: OwnRepository | null,
  { repository, unhashed, standing }: Extract<LaterWork, { kind: 'repository' }>,
): Promise<RepoState> {
  const omitted = repository.omitted.map((each) => ({ ...each }));
  for (const { index, name, stamp } of unhashed) {
    const each = omitted[index];
    if (each) each.sha256 = await hashVersion(pathBelow(repository.path, name), stamp);
  }
  const position = standing === null ? {} : await positionOf(port, standing);
  const { snapshot } = repository;
  const likelySecrets = snapshot === null || own === null ? [] : await likelySecretsIn(port.git, own, snapshot);
  return { ...repository, ...position, omitted, likelySecrets };
}

/** Where HEAD stands among the commits, as git knows it without network. */
type Position = Pick<RepoState, 'describe' | 'ahead' | 'behind'>;

export async function positionOf(port: CodePort, { gitDirectory, head, followed }: Standing): Promise<Position> {
  const facade = await port.scratch();
  try {
    const place = { gitDirectory, commonDirectory: gitDirectory, kind: 'bare' } as const;
    const format = head.length === 40 ? 'sha1' : 'sha256';
    makeFacade(facade, { place, config: new UserConfig(''), environment: {} }, format, head);
    const options = { gitDirectory: facade, idle: true };
    const described = await port.git(['describe', '--tags', '--always', head], options);
    const counted =
      followed === null
        ? null
        : await port.git(['rev-list', '--left-right', '--count', `${head}...${followed}`], options);
    const text = described.status === 0 ? described.stdout.toString('utf8').trim() : '';
    const [ahead, behind] =
      counted?.status === 0 ? counted.stdout.toString('latin1').trim().split('\t').map(Number) : [];
    return { describe: text || null, ahead: ahead ?? null, behind: behind ?? null };
  } finally {
    await rm(facade, { recursive: true, force: true }).catch(() => {});
  }
}

async function likelySecretsIn(git: RunGit, own: OwnRepository, snapshot: string): Promise<RepoState['likelySecrets']> {
  const options = { gitDirectory: own.gitDirectory, idle: true };
  const listed = await git(['ls-tree', '-r', '-z', '--long', snapshot], options);
  const paths = new Map<string, string[]>();
  const batches: string[][] = [[]];
  let bytes = 0;
  for (const line of splitNames(listed.stdout)) {
    const [, type, object = '', size] = line.slice(0, line.indexOf('\t')).split(/ +/);
    if (type !== 'blob' || Number(size) > largestSearched || paths.size >= mostSearched) continue;
    bytes += Number(size);
    if (bytes > mostBytes) break;
    if (bytes > batches.length * batchBytes) batches.push([]);
    if (!paths.has(object)) batches.at(-1)!.push(object);
    paths.set(object, [...(paths.get(object) ?? []), line.slice(line.indexOf('\t') + 1)]);
  }
  const found: RepoState['likelySecrets'] = [];
  for (const batch of batches) {
    const input = Buffer.from([...batch, ''].join('\n'));
    const { stdout } = await git(['cat-file', '--batch'], { ...options, input });
    for (const { object, content } of objectsOf(stdout)) {
      if (content.includes(0)) continue;
      const kind = likelySecretIn(content.toString('utf8'));
      if (kind !== null) found.push(...(paths.get(object) ?? []).map((path) => ({ path: shownName(path), kind })));
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, mostLikelySecrets);
}

/** The answer of `cat-file --batch`: `OBJECT TYPE SIZE<LF>CONTENT<LF>`, or `OBJECT missing<LF>`. */
function* objectsOf(answer: Buffer): Generator<{ object: string; content: Buffer }> {
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf(0x0a, at);
    if (end < 0) return;
    const [object = '', type, size] = answer.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type === 'missing') continue;
    yield { object, content: answer.subarray(at, at + Number(size)) };
    at += Number(size) + 1;
  }
}
