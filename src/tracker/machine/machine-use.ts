import type { MachineUse } from '../../model/facts.ts';
import type { SeriesPoints } from '../../model/metrics.ts';
import type { Run } from '../../model/run.ts';
import type { Settings } from '../../model/settings.ts';
import { gpusOfRun } from './gpus-of-run.ts';

/** The series `machine/…` of a run, by the rest of their tags. */
export type MachineSeries = (name: string) => SeriesPoints | null;

/** A GPU works that was this busy on average, or took this much memory while the run lived. */
export const busyPercent = 5;
export const takenBytes = 500_000_000;
/** What lies between two samples further apart was not measured. */
const longestGap = 60;

type About = Pick<Run, 'environment' | 'settings' | 'startedAt'>;

/**
 * What a run took of its machine, from the samples; null where there are none and no GPU is known.
 *
 * @param endedAt milliseconds since 1970
 */
export function machineUse(
  series: MachineSeries,
  indices: readonly number[],
  run: About,
  endedAt: number,
  price: Settings['price'] | null,
): MachineUse | null {
  const names = run.environment?.gpus ?? [];
  const measured = indices.map((index) => gpuUse(series, index, names[index]));
  const worked = measured.filter(({ works }) => works).map(({ gpu }) => gpu.index);
  const { used, by } = gpusOfRun({ environment: run.environment, settings: run.settings, measured: indices, worked });
  const hours = Math.max(0, (endedAt - Date.parse(run.startedAt)) / 3_600_000);
  const gpuHours = used === null ? null : used.length * hours;
  const memory = series('memory');
  if (measured.length === 0 && memory === null && gpuHours === null) return null;
  return {
    gpus: measured.map(({ gpu }) => ({ ...gpu, used: used?.includes(gpu.index) ?? false })),
    gpuHours,
    gpusBy: by,
    cpu: mean(series('cpu')),
    memoryPeak: highest(memory),
    memoryBytes: last(series('memory-total')),
    processMemoryPeak: highest(series('process-memory')),
    diskFreeLeast: lowest(series('disk-free')),
    cost: costOf(gpuHours, price),
  };
}

function costOf(gpuHours: number | null, price: Settings['price'] | null): MachineUse['cost'] {
  if (gpuHours === null || price === null || price.perGpuHour === null) return null;
  return { amount: gpuHours * price.perGpuHour, currency: price.currency, perGpuHour: price.perGpuHour };
}

function gpuUse(
  series: MachineSeries,
  index: number,
  known: { name: string; uuid: string | null; memoryBytes: number | null } | undefined,
): { gpu: Omit<MachineUse['gpus'][number], 'used'>; works: boolean } {
  const of = (name: string) => series(`gpu${index}/${name}`);
  const memory = of('memory');
  const utilisation = mean(of('utilisation'));
  const memoryPeak = highest(memory);
  const gpu = {
    index,
    name: known?.name ?? null,
    uuid: known?.uuid ?? null,
    utilisation,
    memoryPeak,
    memoryBytes: last(of('memory-total')) ?? known?.memoryBytes ?? null,
    temperaturePeak: highest(of('temperature')),
    wattHours: energy(of('power')),
  };
  const taken = memoryPeak === null ? 0 : memoryPeak - memory!.value[0]!;
  return { gpu, works: (utilisation ?? 0) >= busyPercent || taken >= takenBytes };
}

function mean(points: SeriesPoints | null): number | null {
  if (points === null || points.value.length === 0) return null;
  return points.value.reduce((sum, each) => sum + each, 0) / points.value.length;
}

function highest(points: SeriesPoints | null): number | null {
  return points?.value.length ? points.value.reduce((most, each) => Math.max(most, each)) : null;
}

function lowest(points: SeriesPoints | null): number | null {
  return points?.value.length ? points.value.reduce((least, each) => Math.min(least, each)) : null;
}

function last(points: SeriesPoints | null): number | null {
  return points?.value.at(-1) ?? null;
}

/** Watt-hours under a curve of watts. */
function energy(points: SeriesPoints | null): number | null {
  if (points === null || points.value.length < 2) return null;
  const { time, value } = points;
  let jules = 0;
  for (let i = 1; i < value.length; i++) {
    const seconds = Math.min(longestGap, Math.max(0, time[i]! - time[i - 1]!));
    jules += ((value[i]! + value[i - 1]!) / 2) * seconds;
  }
  return jules / 3600;
}
