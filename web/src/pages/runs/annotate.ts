/** What is said of selected runs, each with the way to take it back. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type RunRow } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { said } from '../../said/said.ts';
import { tell } from '../../ui/tell.ts';

type Verdict = RunRow['verdict'];

/** What of a run has to be known, so that what is said of it can be taken back. */
export type Annotated = Pick<RunRow, 'id' | 'tags' | 'verdict'>;

export interface Annotating {
  compare: (runs: readonly string[]) => void;
  tag: (runs: readonly Annotated[], add: string[], remove: string[]) => Promise<void>;
  verdict: (runs: readonly Annotated[], verdict: Verdict, why: string | null) => Promise<void>;
  trash: (runs: readonly Annotated[]) => Promise<void>;
}

export function useAnnotating(): Annotating {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMemo(() => {
    const again = () =>
      Promise.all(['runs', 'run', 'trash'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    const attempt = async (work: () => Promise<void>) => {
      try {
        await work();
        await again();
      } catch (error) {
        const hint = error instanceof ApiError ? error.hint : null;
        tell({
          title: await said(error instanceof Error ? error.message : String(error)),
          tone: 'bad',
          ...(hint ? { text: await said(hint) } : {}),
        });
      }
    };
    const ids = (runs: readonly Annotated[]) => runs.map(({ id }) => id);
    const judge = async (runs: readonly Annotated[], verdict: Verdict, why: string | null) => {
      await api('setVerdict', { body: { runs: ids(runs), verdict, why } });
    };
    return {
      compare: (runs) => void navigate({ to: '/compare', search: { run: [...runs] } }),
      tag: (runs, add, remove) =>
        attempt(async () => {
          // What a run had before it keeps when all is taken back.
          const changed = [
            ...add.map((tag) => ({ tag, on: false, runs: runs.filter(({ tags }) => !tags.includes(tag)) })),
            ...remove.map((tag) => ({ tag, on: true, runs: runs.filter(({ tags }) => tags.includes(tag)) })),
          ].filter((each) => each.runs.length > 0);
          await api('setTags', { body: { runs: ids(runs), add, remove } });
          tell({
            title: t('runs.tagged', { count: runs.length }),
            undo: () =>
              void attempt(async () => {
                for (const { tag, on, runs } of changed) {
                  const [add, remove] = on ? [[tag], []] : [[], [tag]];
                  await api('setTags', { body: { runs: ids(runs), add, remove } });
                }
              }),
          });
        }),
      verdict: (runs, verdict, why) =>
        attempt(async () => {
          const before = await verdictsOf(runs);
          await judge(runs, verdict, why);
          tell({
            title: t('runs.judged', { count: runs.length }),
            undo: () =>
              void attempt(async () => {
                for (const { runs, verdict, why } of before) await judge(runs, verdict, why);
              }),
          });
        }),
      trash: (runs) =>
        attempt(async () => {
          const { entries, kept } = await api('removeRuns', { body: { runs: ids(runs) } });
          const [first] = kept;
          if (first) {
            const text = await said(first.reason);
            tell({ title: t('runs.notTrashed', { count: kept.length }), text, tone: 'bad' });
          }
          if (entries.length === 0) return;
          tell({
            title: t('runs.trashed', { count: entries.length }),
            undo: () =>
              void attempt(
                async () => void (await api('restoreTrash', { body: { entries: entries.map(({ id }) => id) } })),
              ),
          });
        }),
    };
  }, [t, client, navigate]);
}

/** What was said of runs, and why: so that it can be said again. */
async function verdictsOf(
  runs: readonly Annotated[],
): Promise<{ runs: Annotated[]; verdict: Verdict; why: string | null }[]> {
  const silent = runs.filter(({ verdict }) => verdict === null);
  const judged = runs.filter(({ verdict }) => verdict !== null);
  const said = judged.map(async (run) => {
    const { verdict, verdictWhy } = await api('showRun', { run: run.id });
    return { runs: [run], verdict, why: verdictWhy };
  });
  return [...(silent.length > 0 ? [{ runs: silent, verdict: null, why: null }] : []), ...(await Promise.all(said))];
}
