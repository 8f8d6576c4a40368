/** Points of a part of the axis at its own resolution, of each run by its own axis. */
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { FramedCurve } from '../../../src/api/index.ts';
import { curvesOf } from './curves.ts';
import { keyOf, togetherAsked } from './parts.ts';
import type { Axis } from './plot.tsx';

/**
 * Of curves of which not all points are held, those of the part that is looked at, with all points of it as far as they
 * fit; the others, and all until these come, as they are.
 */
export function useDetail(
  overview: readonly FramedCurve[] | undefined,
  drawn: Axis,
  range: readonly [number, number] | null,
): readonly FramedCurve[] | undefined {
  const asked = useMemo(() => (range ? togetherAsked(overview ?? [], drawn, range) : []), [overview, drawn, range]);
  const found = useQueries({ queries: asked.map(({ runs, tags, part }) => curvesOf({ runs, tags, range: part })) });
  if (asked.length === 0) return overview;
  const detailed = new Map(found.flatMap(({ data }) => data ?? []).map((curve) => [keyOf(curve), curve]));
  return overview?.map((curve) => (curve.reduced ? detailed.get(keyOf(curve)) : undefined) ?? curve);
}
