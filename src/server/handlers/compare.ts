import { lossDifferences } from '../../diff/losses.ts';
import { SpoorError } from '../../model/errors.ts';
import { outcomeOf } from '../../model/outcome.ts';
import type { RunId } from '../../model/run-id.ts';
import { type DiffSide, diffRuns, recordedSide, tabulateRuns } from '../../tracker/diff-runs.ts';
import { followSetting, type History, historyOf } from '../../tracker/history.ts';
import { historyDocument, settingDocument } from '../../tracker/history-document.ts';
import { textAnswer } from '../bytes.ts';
import type { ServerContext } from '../context.ts';
import type { Some } from '../handler.ts';

const mostPatchBytes = 64 << 20;

export function compareHandlers({
  recording,
}: ServerContext): Some<'diff' | 'diffPatch' | 'history' | 'followSetting'> {
  const sidesOf = (ids: readonly RunId[]) => Promise.all(ids.map((id) => recordedSide(recording, id)));
  const familyOf = async (family: string | undefined, run: RunId | undefined): Promise<History> => {
    if (family === undefined && run === undefined) {
      throw new SpoorError('usage', 'bad-request', 'parameter "family": or "run" is needed');
    }
    return historyOf(recording, family ?? run ?? null, () => {});
  };

  return {
    async diff({ run: ids }) {
      const sides = await sidesOf(ids);
      const runs = sides.map(({ run }) => run);
      const [a, b] = sides as [DiffSide, DiffSide];
      const changes = sides.length === 2 ? (await diffRuns(a, b)).changes : null;
      return {
        runs: runs.map((run) => ({
          id: run.id,
          name: run.name.full,
          family: run.family,
          status: run.status,
          outcome: outcomeOf(run),
        })),
        changes,
        rows: changes === null ? await tabulateRuns(sides) : [],
        incomparable: lossDifferences(runs),
      };
    },

    async diffPatch({ run: ids }) {
      const [a, b] = (await sidesOf(ids)) as [DiffSide, DiffSide];
      const patch = await (await diffRuns(a, b)).patch(() => true);
      if (patch.length > mostPatchBytes) {
        throw new SpoorError(
          'data',
          'too-large',
          `the patch has ${patch.length} bytes`,
          'spoor diff --patch prints it.',
        );
      }
      return textAnswer(patch as Uint8Array<ArrayBuffer>, null);
    },

    async history({ family, run }) {
      return historyDocument(await familyOf(family, run));
    },

    async followSetting({ family, run, key }) {
      const found = await familyOf(family, run);
      return { family: found.family, key, runs: settingDocument(followSetting(found, key)) };
    },
  };
}
