import { SpoorError } from '../../model/errors.ts';
import { foldFacts } from '../../model/fold.ts';
import type { MadeArtifact, Run } from '../../model/run.ts';
import { annotate } from '../annotate.ts';
import { addFact } from '../clean-trash.ts';
import { loadRun } from '../load-run.ts';
import type { Recording } from '../request.ts';
import { keepFile } from './keep-file.ts';
import { type Place, samePlace, stepsOf } from './places.ts';
import { placeLabel } from './sample-grid.ts';

export interface Starred {
  run: Run;
  place: Place;
  /** Whether there is a checkpoint, or only samples. */
  checkpoint: boolean;
  /** Checkpoints there, of which the record has a copy now. */
  kept: MadeArtifact[];
  /** Checkpoints there that no copy could be made of, with the reason where one is known. */
  notKept: { artifact: MadeArtifact; why: string | null }[];
}

/**
 * Gives a step of a run a star, or takes it back; a star copies the checkpoint there among the objects, unless
 * the run was told to keep none.
 *
 * @param step `1200`, `epoch:3`, `last`, or the name of a file that the run made. Errors: `no-such-step`
 */
export async function starRun(recording: Recording, id: string, step: string, starred: boolean): Promise<Starred> {
  const { home } = recording;
  const run = await loadRun(home, id);
  const place = placeNamed(run, step, starred);
  await annotate(home, id, { type: 'star', ...place, starred });
  const checkpoint = run.artifacts.some((each) => each.kind === 'checkpoint' && samePlace(each, place));
  const result: Starred = { run, place, checkpoint, kept: [], notKept: [] };
  if (!starred) return result;
  const { keep } = foldFacts(id, (await home.runs.facts(id)).facts);
  if ((keep ?? recording.settings.keep).checkpoints === 'none') return result;
  for (const artifact of run.artifacts) {
    if (artifact.kind !== 'checkpoint' || !samePlace(artifact, place)) continue;
    const fact = artifact.object === undefined ? await keepFile(home, artifact) : null;
    if (fact?.type === 'kept') await addFact(home, id, fact);
    if (fact?.type === 'kept' || artifact.object !== undefined) result.kept.push(artifact);
    else result.notKept.push({ artifact, why: fact?.type === 'warning' ? fact.warning.message : null });
  }
  return result;
}

function placeNamed(run: Run, text: string, starred: boolean): Place {
  const stepOf = stepsOf(run.artifacts);
  const whole = (place: Place): Place => ({ step: stepOf(place), epoch: place.step === null ? place.epoch : null });
  const file = run.artifacts.find(({ path }) => path === text || path.split('/').at(-1) === text);
  if (file) return whole(file);
  const models = run.artifacts.filter(({ kind }) => kind === 'checkpoint');
  const last = models.findLast(({ final }) => final) ?? models.at(-1);
  if (/^(?:last|final)$/.test(text) && last) return whole(last);
  const [, epoch, step] = /^(?:(?:epoch:|e)(\d{1,9})|(\d{1,12}))$/.exec(text) ?? [];
  const place: Place = {
    step: step === undefined ? null : Number(step),
    epoch: epoch === undefined ? null : Number(epoch),
  };
  const known = [...run.artifacts, ...(starred ? [] : run.stars)];
  if ((step !== undefined || epoch !== undefined) && known.some((each) => samePlace(each, place))) return whole(place);
  const labels = new Set(run.artifacts.filter(({ step, epoch }) => step !== null || epoch !== null).map(placeLabel));
  const hint = labels.size > 0 ? `There are ${shortList([...labels])}.` : 'It has made nothing yet.';
  throw new SpoorError('not-found', 'no-such-step', `run ${run.name.full} made nothing at "${text}"`, hint);
}

function shortList(labels: readonly string[]): string {
  return labels.length <= 8 ? labels.join(', ') : `${labels.slice(0, 7).join(', ')}, … and ${labels.at(-1)}`;
}
