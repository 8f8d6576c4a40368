/** The series of an imported training, from its event files and its log, in full. */
import { join } from 'node:path';
import { readLogState } from '../../follow/log.ts';
import { EventSource } from '../../follow/metrics/event-source.ts';
import { MetricsReader } from '../../store/metrics/metrics-reader.ts';
import { MetricsWriter } from '../../store/metrics/metrics-writer.ts';
import { sdScripts } from '../../trainers/sd-scripts/sd-scripts.ts';
import { BarSeriesKeeper } from '../bar-series.ts';
import type { Training } from './training.ts';

/** @param startedAt seconds since 1970, from which the bar of a log counts */
export async function keepSeries(folder: string, { events, log }: Training, startedAt: number): Promise<void> {
  const directory = join(folder, 'metrics');
  for (const { path } of events) {
    const source = new EventSource(path);
    const sink = new MetricsWriter(directory, source.name);
    const take = (...point: Parameters<typeof sink.add>) => void sink.add(...point);
    while ((await source.poll(take)) === 'more');
    // What can be read again need not be made durable: a thousand trainings would take minutes.
    sink.flush();
  }
  if (log === null) return;
  const bar = new BarSeriesKeeper(directory, startedAt);
  const reader = sdScripts.logReader(bar.begin());
  await readLogState(log.path, reader);
  reader.end?.();
  bar.flush();
  if (bar.failure !== null) throw bar.failure;
}

/** Whether nothing is stored of a run that was imported before its series were kept. */
export function lacksSeries(folder: string): boolean {
  return new MetricsReader(join(folder, 'metrics')).list().length === 0;
}
