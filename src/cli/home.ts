import { errorText, SpoorError } from '../model/errors.ts';
import type { RunId } from '../model/run-id.ts';
import { type Home, openHome } from '../store/home.ts';
import { listActive } from '../tracker/active.ts';
import { trashOf } from '../tracker/clean-trash.ts';
import { listWanted } from '../tracker/notify/outbox.ts';
import type { Recording } from '../tracker/request.ts';
import { findRun } from '../tracker/runs.ts';
import type { Context } from './context.ts';
import { warn } from './failure.ts';
import { imageWorker } from './images.ts';
import { version } from './package.ts';
import { insist, type ReadSettings, readSettings } from './settings.ts';
import { startNotifier } from './start-notifier.ts';
import { startRecorder } from './start-recorder.ts';

export interface OpenedHome {
  home: Home;
  recording: Recording;
  /** Resolves what a person calls a run. Errors: `run-not-found`, `ambiguous-run`. */
  find(reference: string): Promise<RunId>;
}

/**
 * Opens the home for a command, after settling the runs whose processes are gone. Errors: `bad-settings`.
 *
 * @param settings `any` for what starts or stops a training: a mistake in the file must not stand in its way
 */
export async function openSettled(context: Context, settings: 'sound' | 'any' = 'sound'): Promise<OpenedHome> {
  const read = await readSettings(context.env, context.userHome);
  if (settings === 'sound') insist(read);
  const home = await openHome(context.home, context.host, context.cache);
  const recording = recordingIn(home, context, read);
  await trashOf(home)
    .settle()
    .catch((error) => warn(context, `the trash could not be settled: ${errorText(error)}`, null));
  if (await isAnythingLeft(recording)) await settleRuns(context, recording);
  return { home, recording, find: (reference) => findRun(home, reference) };
}

/** Runs that are not settled, or messages of theirs that somebody wants. */
async function isAnythingLeft({ home, deliver }: Recording): Promise<boolean> {
  return (await listActive(home)).length > 0 || (deliver !== undefined && (await listWanted(home)).length > 0);
}

/** Loads what records runs, which a command that finds none to settle does without. */
async function settleRuns(context: Context, recording: Recording): Promise<void> {
  const { reconcile } = await import('../tracker/reconcile.ts');
  await reconcile(
    recording,
    (id) => void startRecorder(context, id, 'reconciliation', recording.home.runs.path(id)),
    (id, error) => {
      const hint = error instanceof SpoorError ? error.hint : null;
      warn(context, `run ${id} could not be settled: ${error instanceof Error ? error.message : String(error)}`, hint);
    },
  );
}

/** What recording into a home needs of this process. */
export function recordingIn(home: Home, context: Context, { settings, problems }: ReadSettings): Recording {
  const { host, env, now } = context;
  const wanted = settings.notify.receivers.length > 0;
  const deliver = (id: RunId) => startNotifier(home.directory, id, env);
  return { home, host, env, now, version, settings, problems, images: imageWorker(env), ...(wanted && { deliver }) };
}
