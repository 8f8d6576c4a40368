/**
 * Keeps what a run makes, beside following it: previews of samples at once, checkpoints as was chosen,
 * originals of samples at the end, when all of them are known (docs/decisions/0030). What a crash leaves
 * undone is done by `finish`, whoever completes the record.
 */
import { errorText, SpoorError } from '../../model/errors.ts';
import type { Artifact, Fact, Warning } from '../../model/facts.ts';
import { foldFacts } from '../../model/fold.ts';
import type { MadeArtifact, Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import { defaultSettings } from '../../model/settings.ts';
import type { TellFacts } from '../held-facts.ts';
import type { Recording } from '../request.ts';
import { chooseOriginals } from './choose-originals.ts';
import { keepFile } from './keep-file.ts';
import { makePreview } from './make-preview.ts';
import { isStarred } from './places.ts';

export interface ArtefactKeeper {
  /** A file that has just been told of. What is to be done is done in turn, in the background. */
  seen(artifact: Artifact): void;
  /** Everything that is still to be kept of the run, once nothing more is made. */
  finish(): Promise<void>;
}

export function keepArtefacts(recording: Recording, id: RunId, tell: TellFacts): ArtefactKeeper {
  const { home, images } = recording;
  let turn: Promise<void> = Promise.resolve();
  let library: 'unknown' | 'missing' = 'unknown';

  const load = async () => {
    const { facts } = await home.runs.facts(id);
    const recorded = foldFacts(id, facts);
    return { facts, run: recorded.run, keep: recorded.keep ?? defaultSettings.keep };
  };

  async function preview(sample: Artifact): Promise<void> {
    if (!images || library === 'missing') return;
    try {
      const fact = await makePreview(home.objects, images, sample);
      if (fact) await tell(fact);
    } catch (error) {
      if (error instanceof SpoorError && error.code === 'no-image-library') library = 'missing';
      await tell({ type: 'warning', warning: noPreview(error) });
    }
  }

  /** @returns false where there was no room for it, or it could not be read */
  async function keep(file: Artifact): Promise<boolean> {
    const fact = await keepFile(home, file);
    if (fact) await tell(fact);
    return fact?.type !== 'warning';
  }

  async function take(artifact: Artifact): Promise<void> {
    if (artifact.goneAt !== null || artifact.sha256 === null) return;
    if (artifact.kind === 'sample') return preview(artifact);
    if (artifact.kind !== 'checkpoint') return;
    const { run, keep: choice } = await load();
    if (choice.checkpoints === 'all' || (choice.checkpoints !== 'none' && isStarred(run, artifact)))
      await keep(artifact);
  }

  async function finish(): Promise<void> {
    const { facts, run, keep: choice } = await load();
    const looked = lookedAt(facts);
    for (const sample of run.artifacts.filter(stands('sample'))) {
      if (!looked.has(`${sample.path} ${sample.sha256}`)) await preview(sample);
    }
    const unkept = ({ object }: MadeArtifact) => object === undefined;
    for (const file of wantedCheckpoints(run, choice.checkpoints).filter(unkept)) await keep(file);
    // What holds for one holds for hundreds: it is said once.
    for (const file of chooseOriginals(originals(run), choice.samplesBudget).filter(unkept)) {
      if (!(await keep(file))) break;
    }
  }

  return {
    seen(artifact) {
      turn = turn.then(() => take(artifact)).catch(() => {});
    },
    async finish() {
      await turn;
      try {
        await finish();
      } finally {
        images?.close();
      }
    },
  };
}

const stands =
  (kind: Artifact['kind']) =>
  (artifact: MadeArtifact): boolean =>
    artifact.kind === kind && artifact.goneAt === null && artifact.sha256 !== null && artifact.removed === undefined;

const originals = (run: Run) => run.artifacts.filter(stands('sample'));

/** Samples of which a preview was made, or could not be. */
function lookedAt(facts: readonly Fact[]): Set<string> {
  return new Set(facts.flatMap((fact) => (fact.type === 'preview' ? [`${fact.path} ${fact.sha256}`] : [])));
}

/** The last is the final one, else that of the highest step. */
function wantedCheckpoints(run: Run, choice: 'none' | 'starred' | 'last' | 'all'): MadeArtifact[] {
  const all = run.artifacts.filter(stands('checkpoint'));
  if (choice === 'none') return [];
  if (choice === 'all') return all;
  const last = choice === 'last' ? (all.findLast(({ final }) => final) ?? all.at(-1)) : undefined;
  return all.filter((each) => each === last || isStarred(run, each));
}

function noPreview(error: unknown): Warning {
  const hint = error instanceof SpoorError ? error.hint : null;
  return { code: 'no-previews', message: `previews of samples could not be made: ${errorText(error)}`, hint };
}
