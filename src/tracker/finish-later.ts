/** What was left for after the start: durability of snapshots, history, hashes of large files, images, GPUs. */

import { finishDataset } from '../capture/dataset/finish.ts';
import { probeGpus } from '../capture/environment/gpus.ts';
import { hashFileLater } from '../capture/files/hash-later.ts';
import { finishRepository, positionOf } from '../capture/git/finish-repository.ts';
import { errorText } from '../model/errors.ts';
import type { Fact, Told, Warning } from '../model/facts.ts';
import type { LaterWork } from '../model/later.ts';
import type { RecordedRun } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { makeSnapshotDurable } from '../store/code/durable-snapshot.ts';
import { keepHistory } from '../store/code/history.ts';
import type { CodeRepositories } from '../store/code-repositories.ts';
import { concurrently } from '../store/concurrently.ts';
import { readLater, writeLater } from '../store/later-file.ts';
import type { TellFacts } from './held-facts.ts';
import { cachesOf, codeOf } from './ports.ts';
import type { Recording } from './request.ts';

/**
 * Makes the snapshots durable that facts name; a fact whose snapshot is lost says so instead. Where HEAD
 * stands is told with them, so that all that names a run's code has it.
 */
export async function keepSnapshots(
  code: CodeRepositories,
  id: RunId,
  staged: Fact[],
  later: LaterWork[],
): Promise<Fact[]> {
  const facts = await Promise.all(staged.map((fact) => placed(code, fact, later)));
  const kept = facts.map((fact) => [fact]);
  const places = [...facts.keys()];
  await eachByCode(
    places,
    (place) => codeNamed(facts[place]!),
    async (place) => {
      kept[place] = await keepSnapshot(code, id, facts[place]!);
    },
  );
  return kept.flat();
}

/** A repository's fact with where its HEAD stands; its later work then knows it too. */
async function placed(code: CodeRepositories, fact: Fact, later: LaterWork[]): Promise<Fact> {
  if (fact.type !== 'repository') return fact;
  const work = later.find((each) => each.kind === 'repository' && each.repository.path === fact.repository.path);
  if (work?.kind !== 'repository' || work.standing === null) return fact;
  const position = await positionOf(code, work.standing).catch(() => null);
  if (position === null) return fact;
  work.standing = null;
  work.repository = { ...work.repository, ...position };
  return { ...fact, repository: { ...fact.repository, ...position } };
}

const codeNamed = (fact: Fact) => (fact.type === 'repository' ? fact.repository.code : null);

async function keepSnapshot(code: CodeRepositories, id: RunId, fact: Fact): Promise<Fact[]> {
  if (fact.type !== 'repository' || fact.repository.snapshot === null || fact.repository.code === null) return [fact];
  const { snapshot, code: name, path } = fact.repository;
  const outcome = await makeSnapshotDurable(code, name, id, snapshot).catch((error) => ({
    durable: false as const,
    reason: errorText(error),
  }));
  if (outcome.durable) return [fact];
  const { v, at, host } = fact;
  const warning = lost('snapshot-lost', `the files of ${path} could not be kept: ${outcome.reason}`);
  return [
    { ...fact, repository: { ...fact.repository, snapshot: null } },
    { v, at, host, type: 'warning', warning },
  ];
}

/** Repositories that are worked through at once; git mostly waits for the disk there. */
const repositoriesAtOnce = 4;

/** Does the work for all items in order, those of different code repositories at once. */
async function eachByCode<T>(
  items: readonly T[],
  codeOfItem: (item: T) => string | null,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const lanes = [...Map.groupBy(items, codeOfItem).values()];
  await concurrently(lanes, repositoriesAtOnce, async (lane) => {
    for (const item of lane) await work(item);
  });
}

/**
 * Does what remains for a run, piece by piece; what is done is not done again after a crash.
 *
 * @param tell rejects what could not be written: the piece is then done again
 * @param over aborted when the run has ended: a driver that hangs is then waited for no longer
 */
export async function finishLater(
  recording: Recording,
  recorded: RecordedRun,
  tell: TellFacts,
  over: AbortSignal,
): Promise<void> {
  const folder = recording.home.runs.path(recorded.run.id);
  const asked = gpus(recording, recorded, over);
  const work = (await readLater(folder)).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const left = new Set(work);
  let written = Promise.resolve();
  const done = async (piece: LaterWork) => {
    await tell(...(await finish(recording, piece).catch((error) => [notFinished(piece, error)])));
    left.delete(piece);
    written = written.then(() => writeLater(folder, [...left]));
    await written;
  };
  const [code, rest] = [work.filter(isOfCode), work.filter((piece) => !isOfCode(piece))];
  await eachByCode(code, (piece) => (piece.kind === 'history' ? piece.code : piece.repository.code), done);
  for (const piece of rest) await done(piece);
  await tell(...(await asked));
}

type CodeWork = Extract<LaterWork, { kind: 'history' | 'repository' }>;
const isOfCode = (piece: LaterWork): piece is CodeWork => piece.kind === 'history' || piece.kind === 'repository';

/** What may vanish first comes first; gigabytes come last. */
const order: LaterWork['kind'][] = ['history', 'repository', 'dataset', 'hash-file'];

/** Does one piece of it, and tells the facts. */
export async function finish(recording: Recording, piece: LaterWork): Promise<Told[]> {
  const { home } = recording;
  const code = codeOf(home, recording.env);
  switch (piece.kind) {
    case 'history': {
      const { gitDirectory, head } = piece;
      const kept = await keepHistory(code.git, code.named(piece.code).gitDirectory, { gitDirectory, head });
      const fact: Told = { type: 'history', code: piece.code, head, kept: kept.kept };
      if (!kept.kept)
        return [fact, warned(lost('history-not-kept', `the history of ${gitDirectory} is not kept: ${kept.reason}`))];
      if (kept.missing === 0) return [fact];
      return [
        fact,
        warned(
          lost('history-incomplete', `${kept.missing} objects of the history of ${gitDirectory} are not there to keep`),
        ),
      ];
    }
    case 'repository': {
      const { code: name } = piece.repository;
      const own = name === null ? null : code.named(name);
      return [{ type: 'repository', repository: await finishRepository(code, own, piece) }];
    }
    case 'dataset': {
      const { dataset, warnings } = await finishDataset({
        work: piece,
        objects: home.objects,
        caches: cachesOf(home),
      });
      return [{ type: 'dataset', dataset }, ...warnings.map(warned)];
    }
    case 'hash-file': {
      const { file, warnings } = await hashFileLater({ work: piece, caches: cachesOf(home), held: recording.held });
      return [{ type: 'file', file }, ...warnings.map(warned)];
    }
  }
}

/** Milliseconds after the run's end. */
const driverPatience = 1_000;

/** `nvidia-smi` is slow to answer, so it is asked while the trainer loads. */
async function gpus(recording: Recording, { run }: RecordedRun, over: AbortSignal): Promise<Told[]> {
  const { environment } = run;
  if (environment === null || environment.gpus.some((gpu) => gpu.memoryBytes !== null)) return [];
  const late = new AbortController();
  const patience = () => setTimeout(() => late.abort(), driverPatience).unref();
  if (over.aborted) patience();
  else over.addEventListener('abort', patience, { once: true });
  const probed = await probeGpus({ env: recording.env, cwd: '/', signal: late.signal });
  if (probed === null) return [];
  return [
    {
      type: 'environment',
      environment: { ...environment, gpus: probed.gpus, driver: probed.driver ?? environment.driver },
    },
  ];
}

function notFinished(piece: LaterWork, error: unknown): Told {
  const what = {
    history: 'the history of a repository',
    repository: 'where a repository stands, or the hashes of what its snapshot left out',
    dataset: "the dataset's images",
    'hash-file': 'the hash of a file',
  }[piece.kind];
  const subject = piece.kind === 'hash-file' ? ` (${piece.file.path})` : '';
  return warned(lost('later-failed', `${what}${subject} could not be recorded: ${errorText(error)}`));
}

const lost = (code: string, message: string): Warning => ({ code, message, hint: null });
const warned = (warning: Warning): Told => ({ type: 'warning', warning });
