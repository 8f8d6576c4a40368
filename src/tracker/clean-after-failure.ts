import { foldFacts } from '../model/fold.ts';
import type { RunId } from '../model/run-id.ts';
import { cleanOutput } from './clean-output.ts';
import { trashOf } from './clean-trash.ts';
import { RunOutputs } from './clean-users.ts';
import type { TellFacts } from './held-facts.ts';
import type { Recording } from './request.ts';

/**
 * The last thing that is done for a run that failed or was interrupted: its output directory goes to the
 * trash, or it is told why it stays. Once: what was told is not looked at again.
 */
export async function cleanAfterFailure(recording: Recording, id: RunId, tell: TellFacts): Promise<void> {
  const { home } = recording;
  const { facts, unreadable } = await home.runs.facts(id);
  const recorded = foldFacts(id, facts, unreadable);
  const { status, outputDir, cleaned } = recorded.run;
  if ((status !== 'failed' && status !== 'interrupted') || outputDir === null || cleaned !== null) return;
  // Records of before do not say whether it was asked for.
  if (recorded.clean === null) return;
  if (!recorded.clean) return tell({ type: 'output.kept', directory: outputDir, reason: 'it was asked for' });
  const place = { cwd: '/', outputs: new RunOutputs(home) };
  const cleaning = await cleanOutput(recording, recorded, place, trashOf(home, tell));
  if (cleaning?.action === 'kept') {
    await tell({ type: 'output.kept', directory: cleaning.directory, reason: cleaning.reason });
  }
}
