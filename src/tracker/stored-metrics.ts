import { join } from 'node:path';
import type { Series } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { MetricsReader } from '../store/metrics/metrics-reader.ts';
import { LossTally, lossTags } from '../trainers/judge/loss-tally.ts';
import type { Losses } from '../trainers/trainer.ts';

/** Series of the trainer as facts have them. */
export function storedSeries(home: Home, id: RunId): Series[] {
  return reader(home, id)
    .list()
    .map(({ tag, points, first, last, min, max }) => ({ tag, points, first, last, min, max }));
}

/** Null where no such series is stored. */
export function storedLosses(home: Home, id: RunId): Losses | null {
  const metrics = reader(home, id);
  for (const tag of lossTags) {
    const found = metrics.read(tag);
    if (found === null) continue;
    const tally = new LossTally();
    for (const [i, step] of found.step.entries()) tally.add(step, found.value[i]!);
    return tally.result();
  }
  return null;
}

const reader = (home: Home, id: RunId) => new MetricsReader(join(home.runs.path(id), 'metrics'));
