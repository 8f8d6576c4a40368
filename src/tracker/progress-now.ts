import { join } from 'node:path';
import { readLogEnds } from '../follow/log.ts';
import type { Measured, Progress, Series } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { trainerById } from '../trainers/registry.ts';

export interface ProgressNow {
  /** With `at`: when the trainer wrote last. */
  progress: Progress;
  /** Of the log's ends. */
  series: Series[];
  /** Losses of the last steps, oldest first. */
  losses: Measured[];
}

/** Where a run that trains stands, by its log as it is now. */
export async function progressNow(home: Home, id: RunId, trainer: string | null): Promise<ProgressNow> {
  const { log, writtenAt } = await readLogEnds(join(home.runs.path(id), 'log'), trainerById(trainer).logReader());
  const at = writtenAt === null ? null : new Date(writtenAt).toISOString();
  return { progress: { ...log.progress, at }, series: log.series, losses: log.losses };
}
