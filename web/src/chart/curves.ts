/** Points of curves as charts want them: asked for by range and resolution, and again when new ones come. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { decodePoints, type FramedCurve } from '../../../src/api/index.ts';
import { api } from '../lib/api.ts';

export interface CurvesAsked {
  runs: readonly string[];
  tags: readonly string[];
  /** On the curves' own axis; null for all of it. */
  range: readonly [number, number] | null;
  /** About so many points of each curve. */
  points?: number;
  /** With those of the runs that a run goes on from. */
  lineage?: boolean;
}

/** Keyed by the first run, whose new points have it asked again. */
export function curvesOf({ runs, tags, range, points = 1600, lineage = true }: CurvesAsked) {
  return queryOptions({
    queryKey: ['run', runs[0] ?? '', 'points', runs, tags, range, points, lineage],
    queryFn: async ({ signal }): Promise<FramedCurve[]> => {
      const asked = {
        run: [...runs],
        tag: [...tags],
        points,
        lineage,
        ...(range ? { from: range[0], to: range[1] } : {}),
      };
      return decodePoints((await api('pointsFrame', asked, signal)).buffer);
    },
    enabled: runs.length > 0 && tags.length > 0,
    placeholderData: keepPreviousData,
  });
}
