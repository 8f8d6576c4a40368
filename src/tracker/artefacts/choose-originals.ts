import type { Artifact } from '../../model/facts.ts';

type Sample = Pick<Artifact, 'path' | 'step' | 'epoch' | 'bytes' | 'final'>;

/**
 * Which sample images are kept as they are: whole steps, so that prompts stay comparable; the last and the
 * first before all, then those that lie farthest from what is chosen, until the budget is spent. The same
 * samples give the same choice.
 * @param budget in bytes
 */
export function chooseOriginals<S extends Sample>(samples: readonly S[], budget: number): S[] {
  const steps = [...Map.groupBy(samples, placeOf)].sort(([a], [b]) => a - b).map(([, group]) => group);
  const chosen = new Set<number>();
  let left = budget;
  for (const index of byDistance(steps.length)) {
    const size = (steps[index] ?? []).reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    if (size > left) continue;
    left -= size;
    chosen.add(index);
  }
  return steps.flatMap((group, index) => (chosen.has(index) ? group : []));
}

/** Epochs are counted apart from steps; a trainer writes its samples' names by one of them. */
function placeOf({ step, epoch }: Sample): number {
  return step ?? (epoch === null ? -1 : epoch - 1e9);
}

/** The last, the first, then by halves: each the middle of the widest gap. */
function byDistance(count: number): number[] {
  if (count === 0) return [];
  const order = count === 1 ? [0] : [count - 1, 0];
  const gaps: [from: number, to: number][] = [[0, count - 1]];
  for (let gap = gaps.shift(); gap; gap = gaps.shift()) {
    const [from, to] = gap;
    if (to - from < 2) continue;
    const middle = (from + to) >> 1;
    order.push(middle);
    gaps.push([from, middle], [middle, to]);
  }
  return order;
}
