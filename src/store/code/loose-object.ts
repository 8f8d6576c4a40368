import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OwnRepository } from '../../model/code-port.ts';
import { errorCode } from '../../model/errors.ts';
import { cannotWrite } from '../cannot-write.ts';
import { temporaryName } from '../temporary.ts';

/** Larger ones are only flushed; `spoor verify` reads them. */
const largestChecked = 64 * 1024 * 1024;

export function loosePath(gitDirectory: string, object: string): string {
  return join(gitDirectory, 'objects', object.slice(0, 2), object.slice(2));
}

/** Writes an object as git does, not yet durable, and without starting git for it. Errors: `cannot-write`. */
export async function writeLooseObject(own: OwnRepository, type: 'commit', content: Buffer): Promise<string> {
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const name = createHash(own.format).update(bytes).digest('hex');
  const path = loosePath(own.gitDirectory, name);
  // An empty one is what a power failure leaves.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) return name;
  const { deflateSync } = await import('node:zlib');
  const draft = join(own.gitDirectory, 'objects', temporaryName());
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, deflateSync(bytes, { level: 0 }), { mode: 0o444, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
  return name;
}

/**
 * Flushes a loose object to the disk after looking whether its bytes are what its name says: a power
 * failure may have left an empty file, which git would take for the object ever after.
 * @returns `absent` also for what stands in a pack
 */
export async function syncLooseObject(path: string, object: string): Promise<'durable' | 'absent' | 'damaged'> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    const { size } = await file.stat();
    if (size === 0) return 'damaged';
    if (size <= largestChecked && !(await isWhole(await file.readFile(), object))) return 'damaged';
    await file.sync();
    return 'durable';
  } finally {
    await file.close();
  }
}

async function isWhole(bytes: Buffer, object: string): Promise<boolean> {
  try {
    const { inflateSync } = await import('node:zlib');
    const content = inflateSync(bytes, { maxOutputLength: 4 * largestChecked });
    return (
      createHash(object.length === 40 ? 'sha1' : 'sha256')
        .update(content)
        .digest('hex') === object
    );
  } catch {
    return false;
  }
}
