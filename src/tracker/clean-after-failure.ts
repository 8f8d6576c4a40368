import { foldFacts } from '../model/fold.ts';
import type { RecordedRun } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { cleanOutput } from './clean-output.ts';
import { trashOf } from './clean-trash.ts';
import { RunOutputs } from './clean-users.ts';
import type { TellFacts } from './held-facts.ts';
import type { Recording } from './request.ts';
import { forgetSetUp, readSetUp } from './set-up.ts';

/**
 * The last thing that is done for a run that failed or was interrupted: its output directory goes to the
 * trash, or it is told why it stays. Once: what was told is not looked at again.
 */
export async function cleanAfterFailure(recording: Recording, id: RunId, tell: TellFacts): Promise<void> {
  const { home } = recording;
  await adoptSetUp(recording, await load(recording, id), tell);
  const recorded = await load(recording, id);
  const { status, outputDir, cleaned } = recorded.run;
  if ((status !== 'failed' && status !== 'interrupted') || outputDir === null || cleaned !== null) return;
  if (recorded.run.late) {
    return tell({ type: 'output.kept', directory: outputDir, reason: 'Spoor did not start this training' });
  }
  // Records of before do not say whether it was asked for.
  if (recorded.clean === null) return;
  if (!recorded.clean) return tell({ type: 'output.kept', directory: outputDir, reason: 'it was asked for' });
  const place = { cwd: '/', outputs: new RunOutputs(home) };
  const cleaning = await cleanOutput(recording, recorded, place, trashOf(home, tell));
  if (cleaning?.action === 'kept') {
    await tell({ type: 'output.kept', directory: cleaning.directory, reason: cleaning.reason });
  }
}

/** What was laid out before the run is told in its record; the next run in that directory finds it there already. */
async function adoptSetUp({ home }: Recording, { run, placed }: RecordedRun, tell: TellFacts): Promise<void> {
  const directory = run.outputDir;
  const setUp = directory === null ? null : await readSetUp(home, directory);
  if (directory === null || setUp === null) return;
  const more = Object.entries(setUp.files).filter(([name]) => !placed.has(name));
  const files = more.map(([name]) => name);
  if (more.length > 0) await tell({ type: 'layout', directory, files, placed: Object.fromEntries(more) });
  await forgetSetUp(home, directory);
}

async function load({ home }: Recording, id: RunId): Promise<RecordedRun> {
  const { facts, unreadable } = await home.runs.facts(id);
  return foldFacts(id, facts, unreadable);
}
