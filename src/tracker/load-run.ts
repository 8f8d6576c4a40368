import { SpoorError } from '../model/errors.ts';
import { foldFacts } from '../model/fold.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import type { Settings } from '../model/settings.ts';
import type { Home } from '../store/home.ts';
import { readStaged } from '../store/staging.ts';
import { addPrompts } from './artefacts/prompted.ts';
import { MeasuredMachine } from './machine/measured-machine.ts';
import { progressNow } from './progress-now.ts';
import { storedSeries } from './stored-metrics.ts';

/**
 * A run as its facts tell it; one that is still running with the progress its log shows now, and what it has
 * taken of its machine so far.
 *
 * @param price what a GPU-hour costs; for those that ended it stands in their record
 * Errors: `run-not-found`.
 */
export async function loadRun(home: Home, id: RunId, price: Settings['price'] | null = null): Promise<Run> {
  const { facts, unreadable } = await home.runs.facts(id);
  // In the first moments all there is of a run is what was staged for the recorder.
  const staged = facts.length === 0 ? await readStaged(home.runs.path(id)) : null;
  const known = staged?.state === 'whole' ? staged.facts : facts;
  if (known.length === 0) throw new SpoorError('not-found', 'run-not-found', `run ${id} holds no facts`, null);
  const { run } = foldFacts(id, known, unreadable);
  if (unreadable > 0) run.warnings.push(damaged(unreadable));
  if (run.status === 'running') {
    const { progress, series } = await progressNow(home, id, run.trainer);
    if (progress.step !== null || progress.phase !== 'starting') run.progress = progress;
    const stored = storedSeries(home, id);
    if (run.series.length === 0) run.series = stored.length > 0 ? stored : series;
    run.machine = new MeasuredMachine(home, id).use(run, Date.now(), price);
  }
  await addPrompts(run, home.objects);
  return run;
}

function damaged(lines: number) {
  return {
    code: 'facts-unreadable',
    message: `${lines} line${lines === 1 ? '' : 's'} of this run's files cannot be read as facts`,
    hint: 'spoor verify RUN says which.',
  };
}
