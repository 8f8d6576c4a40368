import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '../../app/queries.ts';
import { distinct } from '../../lib/distinct.ts';
import { useWatched } from '../../lib/live.ts';
import { unknown } from '../../lib/pick-run.tsx';
import { type SampleGrid, type SampleRun, sampleGrid } from './grid.ts';

/** The samples of runs in rows and columns, and anew when one of them draws. @param ids the same array for the same runs */
export function useSampleGrid(ids: readonly string[]): { runs: SampleRun[]; grid: SampleGrid; isPending: boolean } {
  useWatched(ids);
  const records = useQueries({ queries: ids.map((id) => ask.run(id)) });
  const samples = useQueries({ queries: ids.map((id) => ask.samples(id)) });
  const key = [...records, ...samples].map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` tells when runs or samples are others
  const found = useMemo(() => {
    const runs: SampleRun[] = distinct(
      ids.map((id, index) => ({
        id,
        name: records[index]?.data?.name.full ?? unknown,
        samples: samples[index]?.data?.samples ?? [],
      })),
    );
    return { runs, grid: sampleGrid(runs) };
  }, [key, ids]);
  return { ...found, isPending: [...records, ...samples].some((each) => each.isPending) };
}
