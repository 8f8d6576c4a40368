import { foldFacts } from '../model/fold.ts';
import type { RecordedRun } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { type Cleaning, cleanOutput } from './clean-output.ts';
import { addFact, trashOf } from './clean-trash.ts';
import { RunOutputs } from './clean-users.ts';
import { holding } from './reconcile.ts';
import type { Recording } from './request.ts';
import { listRuns } from './runs.ts';

/** What was done with the output directory of a run, or would be. */
export type Cleaned = Cleaning & { run: RunId; name: string };

export interface LeftoverRequest {
  /** Where the caller stands. */
  cwd: string;
  /** Look only. */
  dryRun: boolean;
}

/**
 * The output directories that failed and interrupted runs made and left: each moved to the trash, or kept
 * and why. Directories that were there before their run are no leftovers, and not told.
 */
export async function* cleanLeftovers(recording: Recording, { cwd, dryRun }: LeftoverRequest): AsyncGenerator<Cleaned> {
  const { home, host, now } = recording;
  const query = ['status:failed,interrupted'];
  const rows = await listRuns(home, { query, sort: 'started', limit: null, now: now() }, () => {});
  const outputs = new RunOutputs(home);
  for (const { id, outputDir, host: of } of rows) {
    // The paths of another machine mean nothing here.
    if (outputDir === null || of !== host) continue;
    const recorded = await load(recording, id);
    // What stands there now is another run's.
    if (recorded.run.cleaned?.state === 'removed') continue;
    const trash = dryRun ? null : trashOf(home);
    let cleaning: Cleaning | null = null;
    const clean = async () => {
      cleaning = await cleanOutput(recording, recorded, { cwd, outputs }, trash);
    };
    if (dryRun) await clean();
    else if (!(await holding(recording, id, clean))) cleaning = busy(outputDir);
    const done = cleaning as Cleaning | null;
    if (done === null || (done.action === 'kept' && !done.created)) continue;
    if (done.action === 'kept' && !dryRun) await tellKept(recording, recorded, done);
    yield { ...done, run: id, name: recorded.run.name.full };
  }
}

/** Once: what the record says already is not said again. */
async function tellKept({ home }: Recording, { run }: RecordedRun, { directory, reason }: Cleaning): Promise<void> {
  if (run.cleaned?.state === 'restored' || (run.cleaned?.state === 'kept' && run.cleaned.reason === reason)) return;
  await addFact(home, run.id, { type: 'output.kept', directory, reason });
}

async function load({ home }: Recording, id: RunId): Promise<RecordedRun> {
  const { facts, unreadable } = await home.runs.facts(id);
  return foldFacts(id, facts, unreadable);
}

function busy(directory: string): Cleaning {
  return { action: 'kept', directory, reason: 'its run is still being recorded', created: true };
}
