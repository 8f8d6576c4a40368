/** Points of a part of the axis at its own resolution, of each run by itself. */
import { useQueries } from '@tanstack/react-query';
import type { FramedCurve } from '../../../src/api/index.ts';
import { curvesOf } from './curves.ts';
import { partOf } from './parts.ts';
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
  const asked = (range ? (overview ?? []) : []).flatMap((curve) => {
    const part = curve.reduced && range ? partOf(curve, drawn, range) : null;
    return part ? [{ curve, part }] : [];
  });
  const found = useQueries({
    queries: asked.map(({ curve, part }) => curvesOf({ runs: [curve.run], tags: [curve.tag], range: part })),
  });
  if (asked.length === 0) return overview;
  return overview?.map((curve) => {
    const index = asked.findIndex((each) => each.curve === curve);
    return found[index]?.data?.[0] ?? curve;
  });
}
