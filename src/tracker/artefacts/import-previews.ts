import { errorText, SpoorError } from '../../model/errors.ts';
import type { Fact } from '../../model/facts.ts';
import { foldFacts } from '../../model/fold.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Tell } from '../events.ts';
import type { Recording } from '../request.ts';
import { chooseOriginals } from './choose-originals.ts';
import { makePreview } from './make-preview.ts';

/** Samples of one training of which previews are made; of more, those of whole steps, evenly spread. */
const mostPreviews = 1_000;

/**
 * Keeps previews of what an imported training's samples look like now; of each version once, however often it is
 * imported. Originals stay where they lie.
 *
 * @returns whether pictures can be made here at all
 */
export async function importPreviews(recording: Recording, id: RunId, tell: Tell): Promise<boolean> {
  const { home, images } = recording;
  if (!images) return false;
  const { facts } = await home.runs.facts(id);
  const looked = lookedAt(facts);
  const samples = foldFacts(id, facts).run.artifacts.filter(({ kind, goneAt }) => kind === 'sample' && goneAt === null);
  const spread = chooseOriginals(
    samples.map((sample) => ({ ...sample, bytes: 1 })),
    mostPreviews,
  ).filter(({ path }) => !looked.has(path));
  if (spread.length === 0) return true;
  const log = home.runs.openLog(id, 'reconciliation');
  try {
    for (const [done, sample] of spread.entries()) {
      tell({ type: 'progress', what: 'making previews', done, total: spread.length });
      const fact = await makePreview(home.objects, images, sample);
      if (fact) await log.append(fact);
    }
    return true;
  } catch (error) {
    if (!(error instanceof SpoorError) || error.code !== 'no-image-library') throw error;
    const message = `previews of samples could not be made: ${errorText(error)}`;
    tell({ type: 'warning', warning: { code: 'no-previews', message, hint: error.hint } });
    return false;
  } finally {
    await log.close();
  }
}

/** Paths of samples that were looked at since they were told of last. */
function lookedAt(facts: readonly Fact[]): Set<string> {
  const paths = new Set<string>();
  for (const fact of facts) {
    if (fact.type === 'artifact') paths.delete(fact.artifact.path);
    if (fact.type === 'preview') paths.add(fact.path);
  }
  return paths;
}
