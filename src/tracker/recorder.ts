/**
 * The recorder of one run: from launch to its end, in a process of its own. After a crash the same
 * code runs again over what is left; every step may be broken off and repeated.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { captureSmallFile } from '../capture/files/small-file.ts';
import { type Followed, followRun } from '../follow/follow-run.ts';
import { readOomKills } from '../follow/oom-kills.ts';
import type { OutputListing } from '../follow/outputs.ts';
import { copyLog } from '../launch/copied-log.ts';
import { type Ended, readExit } from '../launch/exit.ts';
import { processIdentity } from '../launch/identity.ts';
import { keepLogSpace, trimLog } from '../launch/log.ts';
import { waitForExit } from '../launch/wait.ts';
import { errorText } from '../model/errors.ts';
import type { FileState, Warning } from '../model/facts.ts';
import { foldFacts } from '../model/fold.ts';
import type { RecordedRun } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import type { StopReason } from '../model/settings.ts';
import type { Home } from '../store/home.ts';
import type { LogKind } from '../store/run-folders.ts';
import { type Committed, commitStaged } from '../store/staging.ts';
import { trainerById } from '../trainers/registry.ts';
import type { LogState, OutputPlan, Trainer } from '../trainers/trainer.ts';
import { type ActiveRun, clearActive, readActive } from './active.ts';
import { type Alarms, startAlarms } from './alarms/alarms.ts';
import { stopFor } from './alarms/stop-for.ts';
import { type ArtefactKeeper, keepArtefacts } from './artefacts/keep-artefacts.ts';
import { cleanAfterFailure } from './clean-after-failure.ts';
import { finishLater, keepSnapshots } from './finish-later.ts';
import { heldFacts, type TellFacts } from './held-facts.ts';
import { judgeRun } from './judge-run.ts';
import { keepMetrics, type MetricsKeeper } from './keep-metrics.ts';
import { writeLayout } from './layout-run.ts';
import { resumedFrom } from './lineage.ts';
import { MeasuredMachine } from './machine/measured-machine.ts';
import { sampleRun } from './machine/sample-run.ts';
import { markWanted } from './notify/outbox.ts';
import { codeOf } from './ports.ts';
import type { Recording } from './request.ts';
import { readStop } from './stop-run.ts';
import { storedLosses, storedSeries } from './stored-metrics.ts';
import { sweepHome } from './sweep.ts';
import { savedModels } from './watch/saved-models.ts';
import { waitForTraces } from './watch/traces.ts';

/**
 * Records a run to its end: bytes durable, then the facts that name them, then what it makes, then how
 * it ended. The caller holds the run's lock.
 *
 * @param kind `journal` for the recorder that was started with the run, `reconciliation` for later ones
 * @param hurry aborted when the machine goes down: what can be done later is then left to be done later
 */
export async function recordToEnd(
  recording: Recording,
  id: RunId,
  kind: LogKind,
  hurry: AbortSignal = new AbortController().signal,
): Promise<void> {
  const { home, settings, deliver } = recording;
  if (settings.notify.receivers.length > 0) markWanted(home, id);
  // What the recorder before told nobody of.
  if (kind === 'reconciliation') deliver?.(id);
  const active = await readActive(home, id);
  const committed = await commitWhenThereIsRoom(recording, id, active);
  const log = home.runs.openLog(id, kind);
  const { tell, settle } = heldFacts(log);
  try {
    if (committed.state === 'torn') await tell({ type: 'warning', warning: captureLost(committed.reason) });
    if (committed.state === 'committed') {
      if (active?.waiter) await tell({ type: 'started', waiter: active.waiter, trainer: null });
      for (const warning of active?.warnings ?? []) await tell({ type: 'warning', warning });
      await tell({ type: 'captured', milliseconds: active?.preparedMs ?? 0 });
      await log.flush();
    }
    const recorded = await loadRecorded(recording, id);
    const over = new AbortController();
    const told: TellFacts = (...facts) => tell(...facts).then(settle);
    const later = finishLater(recording, recorded, told, over.signal).catch((error: unknown) => ({ error }));
    const keeper = keepArtefacts(recording, id, told);
    if (recorded.run.endedAt === null) await toTheEnd(recording, recorded, active, kind, tell, keeper);
    await guarded(tell, 'cleaning-failed', `${recorded.run.outputDir} could not be cleaned`, () =>
      cleanAfterFailure(recording, id, tell),
    );
    over.abort();
    await settle();
    await log.flush();
    deliver?.(id);
    const kept = later.then(async (failed) => failed ?? (await keeper.finish().catch((error: unknown) => ({ error }))));
    const rest = await Promise.race([kept, aborted(hurry)]);
    // What remains is done by the next command, which finds the run marked.
    if (rest === 'aborted') return;
    if (rest) throw rest.error;
    await log.flush();
    await clearActive(home, id);
    await sweepHome(home, recording.now());
  } finally {
    await log.close();
  }
}

/**
 * A full disk costs no record: it is tried again, and for the last time when the trainer has ended and
 * the space kept for its log is free.
 */
async function commitWhenThereIsRoom(recording: Recording, id: RunId, active: ActiveRun | null): Promise<Committed> {
  const folder = recording.home.runs.path(id);
  let over = false;
  let ended: Promise<void> | null = null;
  for (;;) {
    try {
      return await commit(recording, id);
    } catch (error) {
      if (over) throw error;
      ended ??= endOf(folder, active).then(() => {
        over = true;
      });
      await Promise.race([ended, delay(30_000, undefined, { ref: false })]);
      if (over) trimLog(join(folder, 'log'));
    }
  }
}

/** Facts read before launch belong into the journal, whoever gets to write them. */
async function commit(recording: Recording, id: RunId): Promise<Committed> {
  const { home } = recording;
  const journal = home.runs.openLog(id, 'journal');
  const code = codeOf(home, recording.env);
  try {
    return await commitStaged(home.runs.path(id), home.objects, journal, undefined, (facts, later) =>
      keepSnapshots(code, id, facts, later),
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
  kind: LogKind,
  tell: TellFacts,
  keeper: ArtefactKeeper,
): Promise<void> {
  const { id } = recorded.run;
  const trainer = trainerById(recorded.run.trainer);
  const oomBefore = await readOomKills('self');
  const ended = new AbortController();
  const folder = recording.home.runs.path(id);
  const warn = (warning: Warning) => void tell({ type: 'warning', warning });
  const copy = active?.copies && active.waiter ? copyLog(folder, active.copies, active.waiter, warn) : null;
  const sampler = sampleRun(recording, recorded, active);
  const waiting = endOf(folder, active)
    .finally(() => sampler?.stop())
    .finally(() => copy?.finish())
    .finally(() => ended.abort());
  const isOnTerminal = active?.warnings.some(({ code }) => code === 'log-not-kept') ?? false;
  const space = isOnTerminal ? null : keepLogSpace(join(folder, 'log'), warn);
  const layout = (over: boolean) =>
    guarded(tell, 'layout-failed', `The record's files could not be written to ${recorded.run.outputDir}`, () =>
      writeLayout(recording, recorded, tell, { over, reconciled: kind === 'reconciliation' }),
    );
  const early = layout(false);
  const stop = (reason: StopReason) =>
    void stopFor(recording.home, id, active, reason, tell, ended.signal).catch(() => {});
  const alarms = startAlarms({ recording, recorded, active, tell, stop, ended: ended.signal });
  if (recorded.run.resumed === null) {
    await guarded(tell, 'lineage-unknown', 'What the training goes on from could not be found out', async () => {
      const resumed = await resumedFrom(recording.home, recorded.run);
      if (resumed !== null) await tell(resumed);
    });
  }
  const metrics = keepMetrics(recording, recorded, active, trainer, ended.signal, tell);
  let log: LogState = trainer.logReader().state();
  await guarded(tell, 'follow-failed', 'Following the run broke off; what it made may be incomplete', async () => {
    for await (const found of follow(recording, recorded, active, trainer, { alarms, metrics }, ended.signal)) {
      if (found.type === 'log') log = found.log;
      else await take(found, recording, recorded, trainer, tell);
      if (found.type === 'artifact') keeper.seen(found.artifact);
    }
  });
  const end = await waiting;
  await guarded(tell, 'metrics-failed', 'Following the metrics broke off; series may be incomplete', () =>
    metrics.finish(log),
  );
  await space?.stop();
  trimLog(join(folder, 'log'));
  const oomAfter = await readOomKills('self');
  const oomKilled = oomBefore === null || oomAfter === null ? null : oomAfter > oomBefore;
  if (sampler?.trouble) warn(gpusNotSampled(sampler.trouble));
  if (active?.watched) await tell(...(await savedModels(active.watched, recorded, trainer)));
  await alarms.settle();
  const stopped = await readStop(folder);
  const stopAsked = stopped.asked || (end === null && active !== null && wasKilled(active));
  await tell(
    ...judgeRun(await loadRecorded(recording, id), trainer, log, {
      end,
      stopAsked,
      oomKilled,
      machine: new MeasuredMachine(recording.home, id),
      price: recording.settings.price,
      stoppedFor: stopped.reason,
      series: storedSeries(recording.home, id),
      losses: storedLosses(recording.home, id),
      now: recording.now(),
    }),
  );
  await early;
  await layout(true);
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

/** How the trainer ended; null if nobody can know any more, or it was never started. */
async function endOf(folder: string, active: ActiveRun | null): Promise<Ended | null> {
  if (active?.watched) return waitForTraces(active.watched);
  return active?.waiter ? await waitForExit(folder, active.waiter) : readExit(folder);
}

/**
 * Whoever starts a wrapped trainer ends it with all its processes, as a GUI's Stop button does: its waiter dies with it.
 * A machine that went down is no such request.
 */
function wasKilled({ wrapped, main }: ActiveRun): boolean {
  return wrapped === true && main.bootId === (processIdentity(process.pid)?.bootId ?? null);
}

async function* follow(
  { home }: Recording,
  recorded: RecordedRun,
  active: ActiveRun | null,
  trainer: Trainer,
  { alarms, metrics }: { alarms: Alarms; metrics: MetricsKeeper },
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
    looked: alarms.look,
    ended,
    barPoints: () => metrics.barPoints(),
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
  { home, now }: Recording,
  recorded: RecordedRun,
  trainer: Trainer,
  tell: TellFacts,
): Promise<void> {
  if (found.type === 'artifact' || found.type === 'warning') return tell(found);
  if (found.type === 'prompts') {
    const { path, content, modifiedAt } = found.version;
    const key = recorded.run.files.find((file) => file.path === path)?.key ?? 'sample_prompts';
    const { file, blob } = captureSmallFile({ role: 'prompts', key, path, remote: false }, content);
    const changed = { at: now().toISOString(), step: found.step, ...(modifiedAt && { modifiedAt }) };
    const isKept = blob === null || (await keep(home, blob, path, tell));
    return tell({ type: 'file', file: { ...file, ...(isKept ? {} : { object: null }), changed } });
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

/** Where there is no room the bytes are known by their hash only, and following goes on. */
async function keep({ objects }: Home, content: Uint8Array, path: string, tell: TellFacts): Promise<boolean> {
  try {
    await objects.put(content);
    return true;
  } catch (error) {
    const message = `this version of ${path} is known by its hash only: ${errorText(error)}`;
    await tell({ type: 'warning', warning: { code: 'prompts-not-kept', message, hint: null } });
    return false;
  }
}

function disagreement(key: string, predicted: unknown, actual: unknown, path: string): Warning {
  return {
    code: 'prediction-wrong',
    message: `${key} was expected to be ${JSON.stringify(predicted)}, but the trainer used ${JSON.stringify(actual)} (${path})`,
    hint: 'The record shows what the trainer used.',
  };
}

function gpusNotSampled(reason: string): Warning {
  return {
    code: 'gpus-not-sampled',
    message: `What the GPUs did is not known, or not all the time: ${reason}`,
    hint: 'Try nvidia-smi by hand: spoor doctor looks at the driver.',
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
