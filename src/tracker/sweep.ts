import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../store/home.ts';
import { sweepDirectory } from '../store/temporary.ts';

const day = 24 * 60 * 60 * 1000;

/** Removes, at most once a day, what killed processes left half-written in the home. Fails without a word. */
export async function sweepHome(home: Home, now: Date): Promise<void> {
  const mark = join(home.cacheDirectory, 'swept');
  const last = await stat(mark).catch(() => null);
  if (last && now.getTime() - last.mtimeMs < day) return;
  try {
    await writeFile(mark, `${now.toISOString()}\n`, { mode: 0o600 });
    for (const directory of [home.directory, home.cacheDirectory, home.scratchDirectory]) {
      await sweepDirectory(directory, now.getTime()).catch(() => 0);
    }
    await home.objects.sweepTemporary(now.getTime());
  } catch {
    // The next run tries again.
  }
}
