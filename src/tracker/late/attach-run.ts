/** `spoor attach`: a record of a trainer that runs already. */
import { createHash } from 'node:crypto';
import { beginCopy } from '../../launch/copied-log.ts';
import { runMarker } from '../../launch/environment.ts';
import { isAlive, processIdentity } from '../../launch/identity.ts';
import type { OtherProcess } from '../../launch/other-process.ts';
import { processStat } from '../../launch/processes.ts';
import { SpoorError } from '../../model/errors.ts';
import type { ProcessIdentity, Warning } from '../../model/facts.ts';
import { isRunId, type RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { writeStaged } from '../../store/staging.ts';
import { type ActiveRun, clearActive, listActive, markActive, readActive } from '../active.ts';
import { loadRun } from '../load-run.ts';
import { type PreparedRun, prepareRun } from '../prepare-run.ts';
import type { Recording, RunRequest } from '../request.ts';
import { findTrainer } from './find-trainer.ts';

/** What is asked for; the rest of a request is the process's own. */
export type AttachRequest = Pick<
  RunRequest,
  'name' | 'outputDir' | 'datasets' | 'repos' | 'script' | 'reason' | 'tags' | 'userHome'
>;

/**
 * Captures what made a training that runs already, and marks it for a recorder to follow to its end.
 *
 * @throws SpoorError of a process that is not there or not to be read, `own-process`, `already-recorded`
 */
export async function attachRun(pid: number, request: AttachRequest, recording: Recording): Promise<PreparedRun> {
  refuseOwn(pid);
  const { process: trainer, warnings } = findTrainer(pid);
  await refuseRecorded(recording.home, trainer);
  const prepared = await prepareRun(
    {
      ...request,
      command: trainer.argv,
      cwd: trainer.cwd,
      env: trainer.env,
      userHome: trainer.env.HOME || request.userHome,
      conda: null,
      parent: null,
      clean: false,
      mode: 'detached',
      wrapped: false,
      found: {
        by: 'process',
        launchedAt: trainer.launchedAt,
        key: keyOf(trainer.identity),
        warnings: [...warnings, ...inexact(trainer), ...withoutLog(trainer)],
      },
    },
    recording,
  );
  if (isAlive(trainer.identity) !== 'alive') {
    const hint = 'Its outcome is unknown; spoor run records the next one from its start.';
    throw new SpoorError('not-found', 'no-such-process', `process ${trainer.identity.pid} has ended meanwhile`, hint);
  }
  const { files } = trainer.output;
  await beginRecord(prepared, recording, { waiter: trainer.identity, pty: true, copies: files }, (folder) =>
    beginCopy(folder, files),
  );
  return prepared;
}

/**
 * Puts the capture of a run that was found where its recorder finds it. The folder first: an id that is taken is
 * another run's. Errors: `cannot-write`, what the file system throws; then no run is left.
 */
export async function beginRecord(
  prepared: PreparedRun,
  { home, host, now }: Recording,
  followed: Pick<ActiveRun, 'waiter' | 'pty' | 'copies' | 'watched'>,
  andThen: (folder: string) => void = () => {},
): Promise<void> {
  const main = processIdentity(process.pid);
  if (main === null) throw new Error('this process is not told of');
  const startedAt = prepared.launchedAt ?? now().toISOString();
  const marker: ActiveRun = {
    main,
    waiter: null,
    pty: false,
    startedAt,
    warnings: [],
    preparedMs: prepared.milliseconds,
  };
  const folder = home.runs.create(prepared.id);
  try {
    markActive(home, prepared.id, marker);
    writeStaged(folder, prepared.captured, host, now());
    andThen(folder);
    markActive(home, prepared.id, { ...marker, ...followed });
  } catch (error) {
    await clearActive(home, prepared.id).catch(() => {});
    await home.runs.remove(prepared.id).catch(() => {});
    throw error;
  }
}

/** The same for the same process, whoever asks. */
function keyOf({ pid, startTicks, bootId, pidNamespace, host }: ProcessIdentity): Uint8Array {
  const text = JSON.stringify([pid, startTicks, bootId, pidNamespace, host]);
  return createHash('sha256').update(text).digest().subarray(0, 10);
}

function refuseOwn(pid: number): void {
  for (let each = process.pid; each > 1; each = processStat(each)?.parent ?? 0) {
    if (each !== pid) continue;
    const hint = 'Name the process of the trainer; pgrep -af python lists candidates.';
    throw new SpoorError('usage', 'own-process', `process ${pid} is this command, or what started it`, hint);
  }
}

/** A trainer that `spoor run` started, or that was attached to before. */
async function refuseRecorded(home: Home, { identity, env }: OtherProcess): Promise<void> {
  const marked = env[runMarker] ?? '';
  for (const id of await listActive(home)) {
    const waiter = (await readActive(home, id))?.waiter;
    const same = waiter?.pid === identity.pid && waiter.startTicks === identity.startTicks;
    if (id === marked || (same && waiter.bootId === identity.bootId))
      throw recorded(identity.pid, id, await nameOf(home, id));
  }
  // Of another home: whoever keeps that one has the record.
  const known = isRunId(marked) && (await home.runs.list()).includes(marked);
  if (isRunId(marked) && !known) throw recorded(identity.pid, marked, null);
}

async function nameOf(home: Home, id: RunId): Promise<string | null> {
  return loadRun(home, id).then(
    (run) => run.name.full,
    () => null,
  );
}

function recorded(pid: number, id: RunId, name: string | null): SpoorError {
  const run = name === null || name === id ? id : `${name} (${id})`;
  const hint = name === null ? 'Its record is in another home: see SPOOR_HOME.' : `spoor show ${id} shows it.`;
  return new SpoorError('refused', 'already-recorded', `process ${pid} is recorded already, as ${run}`, hint);
}

function inexact({ exact, identity }: OtherProcess): Warning[] {
  if (exact) return [];
  const message = `an argument of process ${identity.pid} is no UTF-8: the command is recorded with � in its place`;
  return [{ code: 'command-not-utf8', message, hint: null }];
}

function withoutLog({ output: { files, elsewhere } }: OtherProcess): Warning[] {
  if (elsewhere.length === 0) return [];
  const where = elsewhere.map(named).join(' and ');
  const hint = 'Start the next one with spoor run, which keeps its log.';
  if (files.length === 0) {
    const message = `no log: its output goes to ${where}, where it cannot be read; progress and loss are not known`;
    return [{ code: 'no-log', message, hint }];
  }
  const message = `part of the log only: ${files[0]!.path}; the rest of the output goes to ${where}`;
  return [{ code: 'part-of-log', message, hint }];
}

function named(target: string): string {
  if (/^\/dev\/(?:pts\/\d+|tty\w*|console)/.test(target)) return `the terminal ${target}`;
  if (target.startsWith('pipe:')) return 'a pipe';
  if (target.startsWith('socket:')) return 'a socket';
  return target;
}
