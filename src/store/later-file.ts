import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../model/errors.ts';
import type { LaterWork } from '../model/later.ts';
import { syncDirectory, writeDurably } from './durable.ts';

const fileName = 'later.json';

/** Remembers what remains to be done for a run, durably; nothing left removes the file. */
export async function writeLater(folder: string, work: readonly LaterWork[]): Promise<void> {
  const path = join(folder, fileName);
  if (work.length > 0) {
    await writeDurably(path, Buffer.from(`${JSON.stringify({ v: 1, later: work })}\n`), { mode: 0o600 });
    return;
  }
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  await syncDirectory(folder);
}

/** What remains to be done for a run; nothing if the file is missing or damaged. */
export async function readLater(folder: string): Promise<LaterWork[]> {
  try {
    const { later } = JSON.parse(await readFile(join(folder, fileName), 'utf8')) as { later: LaterWork[] };
    return Array.isArray(later) ? later : [];
  } catch {
    return [];
  }
}
