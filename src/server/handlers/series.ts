import { encodePoints, type FramedCurve } from '../../api/points-frame.ts';
import { SpoorError } from '../../model/errors.ts';
import { measuredOf } from '../../model/metrics.ts';
import { LineageReader } from '../../tracker/lineage-series.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { SeriesReader } from '../../tracker/metrics.ts';
import type { ServerContext } from '../context.ts';
import type { Some, Understood } from '../handler.ts';

/** Of all curves of an answer together. */
const mostPoints = 2_000_000;

export function seriesHandlers({ recording: { home } }: ServerContext): Some<'listSeries' | 'points' | 'pointsFrame'> {
  const reader = new SeriesReader(home);
  const lineages = new LineageReader(reader);

  async function curvesOf({
    run: runs,
    tag: tags,
    from,
    to,
    points,
    lineage,
  }: Understood<'points'>): Promise<FramedCurve[]> {
    const curves: FramedCurve[] = [];
    let all = 0;
    for (const run of runs) {
      for (const tag of tags) {
        const range = { from, to, points };
        const line = lineage ? await lineages.read(run, tag, range) : null;
        const found = line?.points ?? reader.read(run, tag, range);
        if (!found) continue;
        all += found.value.length;
        if (all > mostPoints) {
          const hint = 'Ask for fewer curves, or for fewer points of each.';
          throw new SpoorError('usage', 'too-many-points', `more than ${mostPoints} points were asked for`, hint);
        }
        const { axis, step, time, value, total, reduced } = found;
        curves.push({ run, tag, axis, total, reduced, seams: line?.seams ?? [], x: step, time, value });
      }
    }
    return curves;
  }

  return {
    async listSeries({ run }) {
      const series = reader.list(run);
      if (series.length === 0) await loadRun(home, run);
      return { series };
    },

    async points(asked) {
      const curves = await curvesOf(asked);
      return {
        curves: curves.map(({ x, time, value, ...curve }) => ({
          ...curve,
          x: [...x],
          time: [...time],
          value: Array.from(value, measuredOf),
        })),
      };
    },

    async pointsFrame(asked) {
      const frame = encodePoints(await curvesOf(asked)) as Uint8Array<ArrayBuffer>;
      return new Response(frame, { headers: { 'content-type': 'application/octet-stream' } });
    },
  };
}
