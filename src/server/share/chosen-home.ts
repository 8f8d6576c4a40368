/** A home that holds the chosen runs and no other, so that nothing that is asked of it can tell of the rest. */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { DiskRunFolders } from '../../store/run-folders.ts';

/** @param scratch an empty directory, which is the caller's to remove */
export async function chosenHome(home: Home, host: string, runs: readonly RunId[], scratch: string): Promise<Home> {
  const folders = join(scratch, 'runs');
  await mkdir(folders, { recursive: true, mode: 0o700 });
  for (const id of runs) await symlink(home.runs.path(id), join(folders, id), 'dir');
  return {
    ...home,
    directory: scratch,
    // Nothing is written to them.
    runs: new DiskRunFolders(folders, '00000000', host),
    catalogFile: join(scratch, 'catalog.db'),
    trashDirectory: join(scratch, 'trash'),
  };
}
