/**
 * Brings the runs of another machine's home into this one. Everything is kept by hash, or has one
 * writer and only grows, so that doing it twice, or in both directions, changes nothing, and a
 * connection that breaks costs nothing that was brought.
 */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { processIdentity } from '../../launch/identity.ts';
import { errorCode, SpoorError } from '../../model/errors.ts';
import type { Fact } from '../../model/facts.ts';
import { isRunId, type RunId } from '../../model/run-id.ts';
import type { Listing, RemoteHome } from '../../remote/remote-home.ts';
import { cannotWrite } from '../../store/cannot-write.ts';
import { isCodeName } from '../../store/code/layout.ts';
import { factFiles, readFactFile } from '../../store/fact-lines.ts';
import { tryLock } from '../../store/lock.ts';
import { namedObjects } from '../../store/named-objects.ts';
import { temporaryName } from '../../store/temporary.ts';
import type { Tell } from '../events.ts';
import { livenessOf } from '../liveness.ts';
import type { Recording } from '../request.ts';
import { pullCode } from './pull-code.ts';
import { isBehind, isFacts, placeFacts, placeNew, pullGrowing, runFile, touchFolder } from './pull-files.ts';
import { pullObjects } from './pull-objects.ts';

export interface Pulled {
  /** Runs that were not here before, and those of which there was more. */
  added: RunId[];
  updated: RunId[];
  /** Of the runs looked at, those that have not ended over there. */
  running: RunId[];
  objects: number;
}

/** A file of a run's folder over there. */
interface Wanted {
  /** Below the run's folder. */
  name: string;
  bytes: number;
}

/** Runs that are brought before any of them is shown: so many facts are in memory at once. */
const runsAtOnce = 50;
/** Files up to this size come many at a time; larger ones are taken up again where a connection broke. */
const small = 2 ** 20;
/** Bytes of facts in one file; a longer one is not ours. */
const longestFacts = 2 ** 28;

/**
 * One pass over the home there, latest runs first. Errors: `pull-running`, `ssh-failed`,
 * `cannot-write`; what was brought until then stays.
 *
 * @param only look at these runs; by default at all
 */
export async function pullHome(
  recording: Recording,
  remote: RemoteHome,
  tell: Tell,
  only: readonly RunId[] | null = null,
): Promise<Pulled> {
  const { home } = recording;
  const release = await lock(recording);
  const scratch = await makeScratch(recording);
  try {
    const directories = only === null ? ['runs'] : only.map((id) => `runs/${id}`);
    const behind = runsBehind(recording, await remote.list(directories));
    const pulled: Pulled = { added: [], updated: [], running: [], objects: 0 };
    const ids = [...behind.keys()].sort().reverse();
    const total = ids.length;
    for (let at = 0; at < total; at += runsAtOnce) {
      const some = new Map(ids.slice(at, at + runsAtOnce).map((id) => [id, behind.get(id) ?? []]));
      await pullRuns(recording, remote, scratch, some, pulled, tell);
      tell({ type: 'progress', what: 'runs', done: Math.min(total, at + runsAtOnce), total });
    }
    return pulled;
  } catch (error) {
    // Errors of the file system: whatever is written lies in this home.
    throw /^E[A-Z0-9]+$/.test(errorCode(error) ?? '') ? cannotWrite(home.directory, error) : error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await release();
  }
}

async function lock({ home }: Recording): Promise<() => Promise<void>> {
  const self = processIdentity(process.pid);
  const taken = self && (await tryLock(join(home.directory, 'pull.lock'), self, livenessOf));
  if (taken) return () => taken.release();
  const hint = 'Wait until it has ended; with --follow it goes on as long as runs train.';
  throw new SpoorError('busy', 'pull-running', `another spoor pull writes to ${home.directory}`, hint);
}

async function makeScratch({ home }: Recording): Promise<string> {
  await mkdir(home.cacheDirectory, { recursive: true, mode: 0o700 });
  const scratch = join(home.cacheDirectory, temporaryName());
  await mkdir(scratch, { mode: 0o700 });
  return scratch;
}

/** Of each run what is longer there than here. One without facts has not begun yet. */
function runsBehind({ home }: Recording, listing: Listing): Map<RunId, Wanted[]> {
  const behind = new Map<RunId, Wanted[]>();
  for (const [path, bytes] of listing) {
    const [, id = '', name = ''] = /^runs\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const begun = listing.has(`runs/${id}/journal.jsonl`);
    if (!begun || !isRunId(id) || !runFile.test(name) || (isFacts(name) && bytes > longestFacts)) continue;
    if (!isBehind(join(home.runs.path(id), name), bytes)) continue;
    behind.set(id, [...(behind.get(id) ?? []), { name, bytes }]);
  }
  return behind;
}

/** Facts are read apart first; what they name is brought; then they take their place (bytes before rows). */
async function pullRuns(
  recording: Recording,
  remote: RemoteHome,
  scratch: string,
  runs: ReadonlyMap<RunId, readonly Wanted[]>,
  pulled: Pulled,
  tell: Tell,
): Promise<void> {
  const { home } = recording;
  const facts = await bringApart(recording, remote, scratch, runs);
  const objects = new Set<string>();
  const codes = new Set<string>();
  for (const each of facts.values()) {
    for (const object of await namedObjects(each, [], home.objects)) objects.add(object);
    for (const code of codesOf(each)) codes.add(code);
  }
  const got = (count: number) => {
    pulled.objects += count;
    tell({ type: 'progress', what: 'objects', done: pulled.objects, total: null });
  };
  const first = await pullObjects(remote, home, objects, got);
  // What a dataset's manifest names is known only now that the manifest is here.
  const inManifests = new Set<string>();
  for (const each of facts.values()) {
    for (const object of await namedObjects(each, [], home.objects)) if (!objects.has(object)) inManifests.add(object);
  }
  const second = await pullObjects(remote, home, inManifests, got);
  const missing = new Set([...first.missing, ...second.missing]);
  const damaged = new Map<string, string[]>();
  for (const code of codes) damaged.set(code, await pullCode(remote, recording, code));
  tellMissing(tell, [...missing, ...[...damaged.values()].flat()]);
  for (const [id, files] of runs) {
    const known = factFiles(home.runs.path(id)).length > 0;
    const own = facts.get(id) ?? [];
    const lacks =
      codesOf(own).some((code) => damaged.get(code)?.length) ||
      [...(await namedObjects(own, [], home.objects))].some((object) => missing.has(object));
    const differs = await placeRun(recording, remote, join(scratch, id), id, files, !lacks);
    if (differs.length > 0) tellDifferent(tell, id, differs);
    (known ? pulled.updated : pulled.added).push(id);
    const whole = await home.runs.facts(id);
    if (!whole.facts.some(({ type }) => type === 'ended')) pulled.running.push(id);
  }
}

/** Facts, and what is small and not here at all, into `scratch/<run>/`. @returns the facts of each run */
async function bringApart(
  { home }: Recording,
  remote: RemoteHome,
  scratch: string,
  runs: ReadonlyMap<RunId, readonly Wanted[]>,
): Promise<Map<RunId, Fact[]>> {
  const facts = new Map<RunId, Fact[]>();
  const isApart = (id: RunId, { name, bytes }: Wanted) =>
    isFacts(name) || (bytes <= small && !existsSync(join(home.runs.path(id), name)));
  const names = [...runs].flatMap(([id, files]) =>
    files.filter((file) => isApart(id, file)).map(({ name }) => `runs/${id}/${name}`),
  );
  await remote.whole(names, async ({ name, bytes, content }) => {
    if (bytes > longestFacts) return;
    const path = join(scratch, name.slice('runs/'.length));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await pipeline(content, createWriteStream(path, { mode: 0o600 }));
    if (!isFacts(name)) return;
    const id = name.split('/')[1] as RunId;
    facts.set(id, [...(facts.get(id) ?? []), ...readFactFile(path).facts]);
  });
  return facts;
}

function codesOf(facts: readonly Fact[]): string[] {
  return facts.flatMap((fact) => {
    const code = fact.type === 'repository' ? fact.repository.code : fact.type === 'history' ? fact.code : null;
    return typeof code === 'string' && isCodeName(code) ? [code] : [];
  });
}

/**
 * The journal comes last: only then does the run appear.
 *
 * @param apart where its files are that were brought already
 * @param complete whether all that its facts name is here
 * @returns names of files of facts that say something else here and there; ours stay
 */
async function placeRun(
  { home }: Recording,
  remote: RemoteHome,
  apart: string,
  id: RunId,
  files: readonly Wanted[],
  complete: boolean,
): Promise<string[]> {
  const folder = home.runs.path(id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const differs: string[] = [];
  for (const { name, bytes } of files.toSorted((a, b) => Number(isFacts(a.name)) - Number(isFacts(b.name)))) {
    const path = join(folder, name);
    const brought = join(apart, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (isFacts(name)) {
      if (existsSync(brought) && !(await placeFacts(brought, path, complete))) differs.push(name);
    } else if (existsSync(brought)) await placeNew(brought, path);
    else await pullGrowing(remote, `runs/${id}/${name}`, path, bytes);
  }
  await touchFolder(folder);
  return differs;
}

function tellMissing(tell: Tell, missing: readonly string[]): void {
  if (missing.length === 0) return;
  const message = `${missing.length} of the files that these runs name are missing or damaged over there: ${missing[0]}${missing.length > 1 ? ', …' : ''}`;
  const hint = 'They may not be finished yet: pull again later. On that machine: spoor verify';
  tell({ type: 'warning', warning: { code: 'pull-incomplete', message, hint } });
}

function tellDifferent(tell: Tell, id: RunId, names: readonly string[]): void {
  const message = `${names.join(', ')} of run ${id} tell something else here than over there; ours are kept`;
  tell({ type: 'warning', warning: { code: 'pull-differs', message, hint: `Look at both: spoor show ${id}` } });
}
