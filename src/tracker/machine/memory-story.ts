import type { Diagnosis, MachineUse } from '../../model/facts.ts';
import type { SeriesPoints } from '../../model/metrics.ts';
import type { MachineSeries } from './machine-use.ts';

/** The climb is told from so long before the end. Seconds. */
const climb = 600;
/** Below this share of what there is, memory was not what ran out, as far as was measured. */
const nearlyFull = 0.85;

/**
 * How memory stood when a run failed for want of it, in one sentence with numbers; null where it was not
 * measured or another thing failed. Samples come every few seconds: the last allocation may not be among them.
 *
 * @param endedAt milliseconds since 1970
 */
export function memoryStory(
  diagnosis: Pick<Diagnosis, 'code'>,
  series: MachineSeries,
  use: MachineUse,
  endedAt: number,
): string | null {
  switch (diagnosis.code) {
    case 'out-of-memory':
      return gpuStory(series, use, endedAt);
    case 'host-out-of-memory':
      return told("The computer's memory", series('memory'), use.memoryBytes, endedAt, 0);
    case 'killed':
      return told("The computer's memory", series('memory'), use.memoryBytes, endedAt, nearlyFull);
    default:
      return null;
  }
}

/** Of the GPU of the run that was fullest. */
function gpuStory(series: MachineSeries, use: MachineUse, endedAt: number): string | null {
  const share = ({ memoryPeak, memoryBytes }: MachineUse['gpus'][number]) =>
    memoryPeak === null || !memoryBytes ? -1 : memoryPeak / memoryBytes;
  const own = use.gpus.some(({ used }) => used) ? use.gpus.filter(({ used }) => used) : use.gpus;
  const fullest = own.toSorted((a, b) => share(b) - share(a))[0];
  if (fullest === undefined) return null;
  const { index, memoryBytes } = fullest;
  return told(`GPU ${index}`, series(`gpu${index}/memory`), memoryBytes, endedAt, 0);
}

function told(
  what: string,
  points: SeriesPoints | null,
  total: number | null,
  endedAt: number,
  least: number,
): string | null {
  if (points === null || !total || points.value.length === 0) return null;
  const { time, value } = points;
  const end = endedAt / 1000;
  const near = indexAfter(time, end - climb);
  let peak = near;
  for (let i = near; i < value.length; i++) if (value[i]! > value[peak]!) peak = i;
  if (value[peak] === undefined || value[peak]! < least * total) return null;
  const percent = Math.round((value[peak]! / total) * 100);
  const seconds = end - time[peak]!;
  const sentences = [`${what} held ${gigabytes(value[peak]!)} of ${gigabytes(total)} GB (${percent}%) ${ago(seconds)}`];
  if (near > 0 && value[near]! < 0.95 * value[peak]!) {
    sentences.push(`${gigabytes(value[near]!)} GB ${ago(end - time[near]!)}`);
  }
  const before = value[0]!;
  if (peak > 0 && before >= 0.05 * total) sentences.push(`${gigabytes(before)} GB were taken when the run began`);
  return sentences.join(', ');
}

/** The last point no later than a time, else the first. */
function indexAfter(time: Float64Array, seconds: number): number {
  const at = time.findLastIndex((each) => each <= seconds);
  return Math.max(0, at);
}

function ago(seconds: number): string {
  if (seconds < 1) return 'at the end';
  if (seconds < 100) return `${Math.round(seconds)} s before the end`;
  return `${Math.round(seconds / 60)} min before the end`;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
