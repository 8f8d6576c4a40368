import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory, writeDurably } from '../durable.ts';

/** Object name that a loose reference of Spoor's own repository holds, or null. */
export async function readRef(gitDirectory: string, ref: string): Promise<string | null> {
  const text = await readFile(join(gitDirectory, ref), 'latin1').catch(() => '');
  return /^([0-9a-f]{40}|[0-9a-f]{64})\n$/.test(text) ? text.trim() : null;
}

/** Writes a loose reference durably. Errors: `cannot-write`. */
export async function writeRef(gitDirectory: string, ref: string, object: string): Promise<void> {
  const path = join(gitDirectory, ref);
  await makeDirectory(dirname(path));
  await writeDurably(path, Buffer.from(`${object}\n`), { mode: 0o600 });
}
