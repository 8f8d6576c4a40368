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

/** What was said of a run, and why. */
export interface Said<Run extends Annotated = Annotated> {
  run: Run;
  verdict: Verdict;
  why: string | null;
}

/** The reason of a verdict: this one, or for each run the one that it has. */
export type Why = { why: string | null } | 'kept';

/** Each says whether it was done; what went wrong it tells itself. */
export interface Annotating {
  compare: (runs: readonly string[]) => void;
  tag: (runs: readonly Annotated[], add: string[], remove: string[]) => Promise<boolean>;
  verdict: (runs: readonly Annotated[], verdict: Verdict, why: Why) => Promise<boolean>;
  trash: (runs: readonly Annotated[]) => Promise<boolean>;
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
        return true;
      } catch (error) {
        const hint = error instanceof ApiError ? error.hint : null;
        tell({
          title: await said(error instanceof Error ? error.message : String(error)),
          tone: 'bad',
          ...(hint ? { text: await said(hint) } : {}),
        });
        return false;
      }
    };
    const ids = (runs: readonly Annotated[]) => runs.map(({ id }) => id);
    /** Runs of which the same is said at once. */
    const judge = async (all: readonly Said[]) => {
      for (const same of Map.groupBy(all, ({ verdict, why }) => JSON.stringify([verdict, why])).values()) {
        const [{ verdict, why }] = same as [Said];
        await api('setVerdict', { body: { runs: ids(same.map(({ run }) => run)), verdict, why } });
      }
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
          const before = await saidOf(runs);
          await judge(before.map(({ run, why: own }) => ({ run, verdict, why: why === 'kept' ? own : why.why })));
          tell({ title: t('runs.judged', { count: runs.length }), undo: () => void attempt(() => judge(before)) });
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

/** What was said of runs, and why: lists do not know it. */
export function saidOf<Run extends Annotated>(runs: readonly Run[]): Promise<Said<Run>[]> {
  return Promise.all(
    runs.map(async (run) => {
      if (run.verdict === null) return { run, verdict: null, why: null };
      const { verdict, verdictWhy } = await api('showRun', { run: run.id });
      return { run, verdict, why: verdictWhy };
    }),
  );
}
