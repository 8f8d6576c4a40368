/** Measures two ways to do the same, by turns, so that a machine's moods fall on both alike. */
import { performance } from 'node:perf_hooks';

/** One of the two sides. `prepare` is not timed. */
export interface Side {
  prepare?(): void | Promise<void>;
  /** Its time is from call to settling, unless it says its own in milliseconds. */
  run(): Taken | Promise<Taken>;
}
// biome-ignore lint/suspicious/noConfusingVoidType: most have nothing to say
type Taken = number | void;

export interface Comparison {
  /** What is measured, with its size: `1 GB of output`. */
  name: string;
  /** What `peer` is, as a reader would run it. */
  peerName: string;
  ours: Side;
  peer: Side;
  /** Highest acceptable ratio of our time to the peer's; null for a figure that is told without one. */
  goal: number | null;
  /** Turns of each side after one that is not counted. */
  turns: number;
}

/** What a `*.bench.ts` file exports as default: makes its world in a directory that is removed afterwards. */
export type Benchmark = (directory: string) => Comparison[] | Promise<Comparison[]>;

export interface Result {
  name: string;
  peerName: string;
  /** Medians, milliseconds. */
  ours: number;
  peer: number;
  /** Median, lowest and highest of the ratios ours/peer of each pair of turns. */
  ratio: number;
  ratioRange: [number, number];
  goal: number | null;
  met: boolean;
}

export async function compare(comparison: Comparison): Promise<Result> {
  const { name, peerName, ours, peer, goal, turns } = comparison;
  await time(ours);
  await time(peer);
  const pairs: [number, number][] = [];
  for (let turn = 0; turn < turns; turn++) pairs.push([await time(ours), await time(peer)]);
  const ratios = pairs.map(([a, b]) => a / b);
  const ratio = median(ratios);
  return {
    name,
    peerName,
    ours: median(pairs.map(([a]) => a)),
    peer: median(pairs.map(([, b]) => b)),
    ratio,
    ratioRange: [Math.min(...ratios), Math.max(...ratios)],
    goal,
    met: goal === null || ratio <= goal,
  };
}

async function time(side: Side): Promise<number> {
  await side.prepare?.();
  const started = performance.now();
  const taken = await side.run();
  return taken ?? performance.now() - started;
}

/** Milliseconds of processor that the work takes, whatever else runs on the machine. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** @param values at least one */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
