/**
 * The recorder of one run: from launch to its end, in a process of its own. After a crash the same
 * code runs again over what is left; every step may be broken off and repeated.
 */
import { join } from 'node:path';
import { captureSmallFile } from '../capture/files/small-file.ts';
import { type Followed, followRun } from '../follow/follow-run.ts';
import { readOomKills } from '../follow/oom-kills.ts';
import type { OutputListing } from '../follow/outputs.ts';
import { type Ended, readExit } from '../launch/exit.ts';
import { trimLog } from '../launch/log.ts';
import { waitForExit } from '../launch/wait.ts';
import { errorText } from '../model/errors.ts';
import type { FileState, Told, Warning } from '../model/facts.ts';
import { foldFacts } from '../model/fold.ts';
import type { RecordedRun } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import type { LogKind } from '../store/run-folders.ts';
import { type Committed, commitStaged } from '../store/staging.ts';
import { trainerById } from '../trainers/registry.ts';
import type { LogState, OutputPlan, Trainer } from '../trainers/trainer.ts';
import { type ActiveRun, clearActive, readActive } from './active.ts';
import { finishLater, keepSnapshots } from './finish-later.ts';
import { judgeRun } from './judge-run.ts';
import { writeLayout } from './layout-run.ts';
import { codeOf } from './ports.ts';
import type { Recording } from './request.ts';
import { wasStopped } from './stop-run.ts';

export type TellFacts = (...facts: Told[]) => Promise<void>;

/**
 * Records a run to its end: bytes durable, then the facts that name them, then what it makes, then how
 * it ended. The caller holds the run's lock.
 *
 * @param kind `journal` for the recorder that was started with the run, `reconciliation` for later ones
 * @param releaseLog called when the trainer has ended, before the log's spare space is given back
 */
export async function recordToEnd(
  recording: Recording,
  id: RunId,
  kind: LogKind,
  releaseLog: () => Promise<void> = async () => {},
): Promise<void> {
  const { home } = recording;
  const committed = await commit(recording, id);
  const log = home.runs.openLog(id, kind);
  const tell: TellFacts = (...facts) => log.append(...facts);
  try {
    const active = await readActive(home, id);
    if (committed.state === 'torn') await tell({ type: 'warning', warning: captureLost(committed.reason) });
    if (committed.state === 'committed') {
      if (active?.waiter) await tell({ type: 'started', waiter: active.waiter, trainer: null });
      await tell({ type: 'captured', milliseconds: active?.preparedMs ?? 0 });
      await log.flush();
    }
    const recorded = await loadRecorded(recording, id);
    if (recorded.run.endedAt === null) await toTheEnd(recording, recorded, active, tell, releaseLog);
    await log.flush();
    await clearActive(home, id);
  } finally {
    await log.close();
  }
}

/** Facts read before launch belong into the journal, whoever gets to write them. */
async function commit(recording: Recording, id: RunId): Promise<Committed> {
  const { home } = recording;
  const journal = home.runs.openLog(id, 'journal');
  const code = codeOf(home, recording.env);
  try {
    return await commitStaged(home.runs.path(id), home.objects, journal, undefined, (facts) =>
      keepSnapshots(code, id, facts),
    );
  } finally {
    await journal.close();
  }
}

async function loadRecorded({ home }: Recording, id: RunId): Promise<RecordedRun> {
  const { facts, unreadable } = await home.runs.facts(id);
  return foldFacts(id, facts, unreadable);
}

async function toTheEnd(
  recording: Recording,
  recorded: RecordedRun,
  active: ActiveRun | null,
  tell: TellFacts,
  releaseLog: () => Promise<void>,
): Promise<void> {
  const { id } = recorded.run;
  const trainer = trainerById(recorded.run.trainer);
  const oomBefore = await readOomKills('self');
  const ended = new AbortController();
  const folder = recording.home.runs.path(id);
  const waiting = endOf(folder, active).finally(() => ended.abort());
  const later = guarded(tell, 'later-incomplete', 'What was to be hashed and kept after launch is incomplete', () =>
    finishLater(recording, recorded, tell),
  );
  const layout = (over: boolean) =>
    guarded(tell, 'layout-failed', `The record's files could not be written to ${recorded.run.outputDir}`, () =>
      writeLayout(recording, recorded, tell, over),
    );
  const early = layout(false);
  let log: LogState = trainer.logReader().state();
  await guarded(tell, 'follow-failed', 'Following the run broke off; what it made may be incomplete', async () => {
    for await (const found of follow(recording, recorded, active, trainer, ended.signal)) {
      if (found.type === 'log') log = found.log;
      else await take(found, recording, recorded, trainer, tell);
    }
  });
  const end = await waiting;
  await releaseLog();
  trimLog(join(folder, 'log'));
  const oomAfter = await readOomKills('self');
  const oomKilled = oomBefore === null || oomAfter === null ? null : oomAfter > oomBefore;
  const stopAsked = await wasStopped(folder);
  await tell(
    ...judgeRun(await loadRecorded(recording, id), trainer, log, { end, stopAsked, oomKilled, now: recording.now() }),
  );
  await early;
  await layout(true);
  await later;
}

/** How the trainer ended; null if nobody can know any more, or it was never started. */
async function endOf(folder: string, active: ActiveRun | null): Promise<Ended | null> {
  return active?.waiter ? await waitForExit(folder, active.waiter) : readExit(folder);
}

async function* follow(
  { home }: Recording,
  recorded: RecordedRun,
  active: ActiveRun | null,
  trainer: Trainer,
  ended: AbortSignal,
): AsyncGenerator<Followed> {
  const { run, outputs } = recorded;
  yield* followRun({
    trainer,
    outputs: outputs?.plan ?? nowhere,
    cwd: run.cwd,
    logPath: join(home.runs.path(run.id), 'log'),
    startedAt: Date.parse(active?.startedAt ?? run.startedAt),
    existedBefore: await listing(home, outputs?.before ?? null),
    known: run.artifacts,
    prompts: promptFiles(run.files),
    wantsMetadata: true,
    ended,
  });
}

async function listing(home: Recording['home'], object: string | null): Promise<OutputListing | null> {
  if (object === null) return null;
  try {
    return JSON.parse(Buffer.from(await home.objects.get(object)).toString('utf8')) as OutputListing;
  } catch {
    return null;
  }
}

/** Each prompts file with the hash of the version recorded last. */
function promptFiles(files: readonly FileState[]): { path: string; recorded: string | null }[] {
  const latest = new Map<string, string | null>();
  for (const file of files) if (file.role === 'prompts') latest.set(file.path, file.sha256);
  return [...latest].map(([path, recorded]) => ({ path, recorded }));
}

async function take(
  found: Exclude<Followed, { type: 'log' }>,
  { home }: Recording,
  recorded: RecordedRun,
  trainer: Trainer,
  tell: TellFacts,
): Promise<void> {
  if (found.type === 'artifact' || found.type === 'warning') return tell(found);
  if (found.type === 'prompts') {
    const { path, content } = found.version;
    const key = recorded.run.files.find((file) => file.path === path)?.key ?? 'sample_prompts';
    const { file, blob } = captureSmallFile({ role: 'prompts', key, path, remote: false }, content);
    if (blob !== null) await home.objects.put(blob);
    return tell({ type: 'file', file });
  }
  for (const { key, predicted, actual, disagrees } of trainer.confirm(
    recorded.run.settings,
    found.metadata,
    found.log,
  )) {
    await tell({ type: 'confirmed', key, predicted, actual, by: found.path });
    if (disagrees) await tell({ type: 'warning', warning: disagreement(key, predicted, actual, found.path) });
  }
}

function disagreement(key: string, predicted: unknown, actual: unknown, path: string): Warning {
  return {
    code: 'prediction-wrong',
    message: `${key} was expected to be ${JSON.stringify(predicted)}, but the trainer used ${JSON.stringify(actual)} (${path})`,
    hint: 'The record shows what the trainer used.',
  };
}

function captureLost(reason: string): Warning {
  return {
    code: 'capture-lost',
    message: `What was read before launch could not be kept: ${reason}`,
    hint: 'The machine or Spoor went down as the run began. What was not recorded is unknown.',
  };
}

/** A part that fails is told and leaves the others alone. */
async function guarded(tell: TellFacts, code: string, message: string, part: () => Promise<unknown>): Promise<void> {
  try {
    await part();
  } catch (error) {
    await tell({ type: 'warning', warning: { code, message: `${message}: ${errorText(error)}`, hint: null } });
  }
}

const nowhere: OutputPlan = {
  outputDir: null,
  outputName: null,
  loggingDir: null,
  logPrefix: null,
  suggestedName: null,
  mustBeEmpty: false,
};
