/** The runs that train now, each as its log and the samples of its machine tell it. */
import { join } from 'node:path';
import type { Measured, Progress } from '../model/facts.ts';
import { foldFacts } from '../model/fold.ts';
import type { SeriesMeta } from '../model/metrics.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { type Stall, stallOf } from '../model/stall.ts';
import type { Home } from '../store/home.ts';
import { MetricsReader } from '../store/metrics/metrics-reader.ts';
import { readStaged } from '../store/staging.ts';
import { listActive } from './active.ts';
import { gpusOfRun } from './machine/gpus-of-run.ts';
import { busyPercent, takenBytes } from './machine/machine-use.ts';
import { progressNow } from './progress-now.ts';

export interface RunningRun {
  id: RunId;
  name: string;
  host: string;
  startedAt: string;
  progress: Progress;
  /** Losses of the last steps, oldest first, at most 64. */
  losses: Measured[];
  /** Set where nothing has come for longer than is usual. */
  stall: Stall | null;
  /** The GPUs of the run, as they were last measured. */
  gpus: GpuNow[];
  /** Bytes: of the machine or its control group, and what the trainer's processes hold. */
  memory: number | null;
  memoryTotal: number | null;
  processMemory: number | null;
}

export interface GpuNow {
  index: number;
  /** Percent over the last half minute. */
  utilisation: number | null;
  memory: number | null;
  memoryTotal: number | null;
  temperature: number | null;
  power: number | null;
}

/** What was measured longer ago tells nothing of now. Seconds. */
const recent = 30;

/** @param stallAfter a run stalls when silent for so many times what is usual for it */
export async function runningRuns(home: Home, now: Date, stallAfter: number): Promise<RunningRun[]> {
  const ids = (await listActive(home)).sort().reverse();
  const found = await Promise.all(ids.map((id) => runningRun(home, id, now, stallAfter).catch(() => null)));
  return found.filter((run) => run !== null);
}

async function runningRun(home: Home, id: RunId, now: Date, stallAfter: number): Promise<RunningRun | null> {
  const { facts } = await home.runs.facts(id);
  // In the first moments all there is of a run is what was staged for the recorder.
  const staged = facts.length === 0 ? await readStaged(home.runs.path(id)) : null;
  const known = staged?.state === 'whole' ? staged.facts : facts;
  if (known.length === 0) return null;
  const { run } = foldFacts(id, known);
  if (run.status !== 'running') return null;
  const { progress, losses } = await progressNow(home, id, run.trainer);
  const since = Date.parse(progress.at ?? run.startedAt);
  return {
    id,
    name: run.name.full,
    host: run.host,
    startedAt: run.startedAt,
    progress,
    losses,
    stall: stallOf(progress, since, now.getTime(), stallAfter),
    ...machineNow(new MetricsReader(join(home.runs.path(id), 'machine')), run, now.getTime() / 1000),
  };
}

type MachineNow = Pick<RunningRun, 'gpus' | 'memory' | 'memoryTotal' | 'processMemory'>;

/** @param now seconds since 1970 */
function machineNow(reader: MetricsReader, run: Run, now: number): MachineNow {
  const metas = new Map(reader.list().map((meta) => [meta.tag, meta]));
  const lately = (name: string): Float64Array | null => {
    const value = reader.read(`machine/${name}`, { from: now - recent })?.value;
    return value?.length ? value : null;
  };
  const last = (name: string) => lately(name)?.at(-1) ?? null;
  const total = (name: string) => finite(metas.get(`machine/${name}`)?.last);
  const measured = [...new Set([...metas.keys()].flatMap((tag) => /^machine\/gpu(\d+)\//.exec(tag)?.[1] ?? []))]
    .map(Number)
    .sort((a, b) => a - b)
    .map((index): GpuNow & { works: boolean } => {
      const busy = lately(`gpu${index}/utilisation`);
      const utilisation = busy && busy.reduce((sum, each) => sum + each, 0) / busy.length;
      return {
        index,
        utilisation,
        memory: last(`gpu${index}/memory`),
        memoryTotal: total(`gpu${index}/memory-total`),
        temperature: last(`gpu${index}/temperature`),
        power: last(`gpu${index}/power`),
        works: (utilisation ?? 0) >= busyPercent || taken(metas.get(`machine/gpu${index}/memory`)) >= takenBytes,
      };
    });
  const { used } = gpusOfRun({
    environment: run.environment,
    settings: run.settings,
    measured: measured.map(({ index }) => index),
    worked: measured.filter(({ works }) => works).map(({ index }) => index),
  });
  return {
    gpus: measured.filter(({ index }) => used?.includes(index)).map(({ works: _, ...gpu }) => gpu),
    memory: last('memory'),
    memoryTotal: total('memory-total'),
    processMemory: last('process-memory'),
  };
}

/** Bytes more than at the start, at most. */
function taken(memory: SeriesMeta | undefined): number {
  return memory === undefined ? 0 : (memory.max ?? 0) - (finite(memory.first) ?? 0);
}

function finite(value: Measured | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
