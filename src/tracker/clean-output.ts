import { lstat, stat } from 'node:fs/promises';
import { errorCode, errorText, SpoorError } from '../model/errors.ts';
import type { RecordedRun } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import type { Trash } from '../store/trash.ts';
import { type CleaningPlace, leftoverOf } from './clean-evidence.ts';
import { decide, type Entry, type Leftover, type Tree } from './clean-rule.ts';
import { readTree } from './clean-tree.ts';
import type { Recording } from './request.ts';
import { forgetSetUp } from './set-up.ts';

/** What was done with a directory, or would be. */
export type Cleaning =
  | { action: 'removed'; directory: string; reason: string; files: number; bytes: number; to: string }
  | { action: 'would-remove'; directory: string; reason: string; files: number; bytes: number }
  | {
      action: 'kept';
      directory: string;
      reason: string;
      /** The run made it: were it not for the reason, it would be removed. */
      created: boolean;
    };

/**
 * Moves the output directory of a run to the trash if the rule allows it.
 * @returns null if it is not there, or the run has none. Errors: those of looking; of moving none but defects
 */
export async function cleanOutput(
  recording: Recording,
  recorded: RecordedRun,
  place: CleaningPlace,
  /** Null to look only. */
  trash: Trash | null,
): Promise<Cleaning | null> {
  const { run } = recorded;
  if (run.outputDir === null || !(await stands(run.outputDir))) return null;
  const leftover = await leftoverOf(recording, recorded, place);
  const reason = `the run ${outcomeOf(run)}, and nothing was made`;
  const stillUnused = async () => (await place.outputs.usersOf(leftover.real, run.id)).users.every(hasFailed);
  return moveToTrash(recording, leftover, { id: run.id, run: run.id, name: run.name.full, reason, stillUnused }, trash);
}

function outcomeOf({ status, diagnosis }: RecordedRun['run']): string {
  if (status === 'interrupted' || status === 'lost') return `was ${status}`;
  return diagnosis === null ? status : `${status}: ${diagnosis.code}`;
}

interface Owner {
  /** Names the entry of the trash. */
  id: RunId;
  run: RunId | null;
  name: string;
  reason: string;
  /** Asked when nobody finds the directory any more. */
  stillUnused(): Promise<boolean>;
}

export async function moveToTrash(
  { home, host, now }: Recording,
  leftover: Leftover,
  { id, run, name, reason: why, stillUnused }: Owner,
  trash: Trash | null,
): Promise<Cleaning> {
  const { directory, real, created, tree, placed } = leftover;
  const decision = decide(leftover);
  const kept = (because: string): Cleaning => ({ action: 'kept', directory, reason: because, created });
  if (!decision.remove) return kept(decision.reason);
  const { files, bytes } = decision;
  if (trash === null) return { action: 'would-remove', directory, reason: why, files, bytes };
  const reason = (await isElsewhere(real, home.directory)) ? `${why} (copied: the trash is on another disk)` : why;
  const at = now().toISOString();
  const manifest = {
    version: 1 as const,
    kind: 'output' as const,
    run,
    name,
    from: real,
    at,
    host,
    reason,
    files,
    bytes,
  };
  try {
    const unchanged = async (moved: string) => isSame(await readTree(moved, placed), tree) && (await stillUnused());
    const entry = await trash.put(id, manifest, unchanged);
    if (entry === null) return kept('something was written there meanwhile');
    await forgetSetUp(home, directory);
    return { action: 'removed', directory, reason, files, bytes, to: entry.content };
  } catch (error) {
    if (!(error instanceof SpoorError)) throw error;
    return kept(`it could not be moved to the trash: ${errorText(error)}`);
  }
}

async function isElsewhere(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([stat(path), stat(other)]);
  return one.dev !== two.dev;
}

const hasFailed = ({ status }: { status: string | null }) => status === 'failed' || status === 'interrupted';

function isSame(a: Tree, b: Tree): boolean {
  const text = ({ path, kind, bytes, modifiedMs, target }: Entry) => {
    // A directory's own time changes with what is in it, which is compared by itself.
    return JSON.stringify([path, kind, bytes, kind === 'file' ? modifiedMs : 0, target]);
  };
  return a.entries.map(text).join('\n') === b.entries.map(text).join('\n') && a.truncated === b.truncated;
}

async function stands(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}
