/**
 * M4 (Jugel et al., VLDB 2014): of each stretch of points the first, the least, the greatest and the last, so that a
 * chart drawn of them has every peak. Stretches hold equally many points rather than equal spans of an axis: the same
 * reduction serves an axis of steps, of time and of epochs. Whole blocks are told by their record, without their points.
 */
import type { SeriesPoints, SeriesRange } from '../../model/metrics.ts';
import { type BlockView, Corners, corner, emitBlocks } from './block.ts';
import { Columns } from './columns.ts';
import { blockPoints } from './layout.ts';
import type { SeriesPart } from './series-part.ts';

/** Points from one number to before another of a part: all of them, or those of them that lie within the range. */
interface Stretch {
  part: SeriesPart;
  /** How many points the parts before it have. */
  base: number;
  from: number;
  to: number;
  within: 'all' | 'some';
  /** Records of the blocks that it consists of; null where there are none. */
  blocks: BlockView | null;
}

type TakePoint = (at: number, step: number, time: number, value: number) => void;

/** @param parts in order, at least one; their points follow each other */
export function readRange(parts: readonly SeriesPart[], range: SeriesRange): SeriesPoints {
  const { tag, axis } = parts[0]!.header;
  let base = 0;
  const stretches = parts.flatMap((part) => {
    const found = stretchesOf(part, part.blocks(parts.length > 1), base, range);
    base += part.count;
    return found;
  });
  const most = range.points ?? Number.POSITIVE_INFINITY;
  const total = stretches.reduce((sum, stretch) => sum + countOf(stretch, range), 0);
  const into = new Columns(Math.min(total, 2 * most));
  if (total > most) reduce(stretches, range, total, Math.max(1, Math.floor(most / 4)), into);
  else for (const each of stretches) eachPoint(each, range, (_, ...point) => into.add(...point));
  return into.points(tag, axis, Math.max(total, into.length));
}

function reduce(stretches: readonly Stretch[], range: SeriesRange, total: number, buckets: number, into: Columns) {
  const corners = new Corners();
  const byBlocks = total >= blockPoints * buckets;
  let passed = 0;
  let end = 0;
  /** Before the points that follow: whether they begin a bucket. */
  const pass = (points: number) => {
    if (passed >= end) {
      corners.emit(into);
      corners.reset();
      end = ((Math.floor((passed * buckets) / total) + 1) * total) / buckets;
    }
    passed += points;
  };
  for (const stretch of stretches) {
    const { base, from, to, within, blocks } = stretch;
    if (byBlocks && within === 'all' && blocks !== null) {
      for (let at = from; at < to; ) {
        pass(0);
        const own = Math.ceil((end - passed) / blockPoints);
        const next = at + own * blockPoints;
        if (corners.count === 0 && next <= to && own > 0) {
          emitBlocks(blocks, at / blockPoints, next / blockPoints, into);
          passed += next - at;
          at = next;
        } else {
          corners.addBlock(blocks.at(at / blockPoints), base + at);
          passed += blockPoints;
          at += blockPoints;
        }
      }
      continue;
    }
    eachPoint(stretch, range, (at, step, time, value) => {
      pass(1);
      corners.add(base + at, step, time, value);
    });
  }
  corners.emit(into);
}

function stretchesOf(part: SeriesPart, blocks: BlockView, base: number, range: SeriesRange): Stretch[] {
  const known = blocks.length * blockPoints;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = range;
  const within = from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY ? 'all' : 'some';
  const found: Stretch[] = [];
  if (within === 'all' && known > 0) found.push({ part, base, from: 0, to: known, within, blocks });
  for (let block = 0; within === 'some' && block < blocks.length; block++) {
    const record = blocks.at(block);
    const lowest = record.number(3 * corner.first);
    const highest = record.number(3 * corner.last);
    if (record.rising && (highest < from || lowest > to)) continue;
    const all = record.rising && lowest >= from && highest <= to;
    const stretch = { part, base, from: block * blockPoints, to: (block + 1) * blockPoints, blocks };
    const last = found.at(-1);
    if (last?.to === stretch.from && (last.within === 'all') === all) last.to = stretch.to;
    else found.push({ ...stretch, within: all ? 'all' : 'some' });
  }
  if (part.count > known) found.push({ part, base, from: known, to: part.count, within, blocks: null });
  return found;
}

function countOf(stretch: Stretch, range: SeriesRange): number {
  if (stretch.within === 'all') return stretch.to - stretch.from;
  let count = 0;
  eachPoint(stretch, range, () => count++);
  return count;
}

function eachPoint({ part, from, to, within }: Stretch, range: SeriesRange, take: TakePoint): void {
  const { from: lowest = Number.NEGATIVE_INFINITY, to: highest = Number.POSITIVE_INFINITY } = range;
  const takeWithin: TakePoint = (at, step, time, value) => {
    if (step >= lowest && step <= highest) take(at, step, time, value);
  };
  part.each(from, to, within === 'all' ? take : takeWithin);
}
