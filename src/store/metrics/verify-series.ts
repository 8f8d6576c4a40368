import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pointBytes, pointsFile, seriesFilePattern } from './layout.ts';
import { SeriesPart } from './series-part.ts';

/** A file of series that is not as it was written. */
export interface DamagedSeries {
  path: string;
  /** Points; null where none can be read. */
  lost: number | null;
}

export function damagedSeries(directory: string): DamagedSeries[] {
  return namesIn(directory).flatMap((name): DamagedSeries[] => {
    const path = join(directory, pointsFile(name));
    const part = SeriesPart.open(directory, name);
    // Without a whole header nobody knows whose points they are; one that is being written has none yet.
    if (part === null) return statSync(path).size < 4 * pointBytes ? [] : [{ path, lost: null }];
    let read = 0;
    part.each(0, part.count, () => read++);
    return read === part.count ? [] : [{ path, lost: part.count - read }];
  });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).flatMap((name) => seriesFilePattern.exec(name)?.[1] ?? []);
  } catch {
    return [];
  }
}
