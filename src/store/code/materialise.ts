import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodePort, OwnRepository } from '../../model/code-port.ts';
import { SpoorError } from '../../model/errors.ts';
import { cannotWrite } from '../cannot-write.ts';

/**
 * Writes a snapshot's files, byte for byte, with modes and symbolic links, into a directory that is
 * new or empty. Directories without files are not part of a snapshot.
 * Errors: `directory-not-empty`, `cannot-write`, `snapshot-missing`.
 */
export async function materialise(port: CodePort, own: OwnRepository, snapshot: string, into: string): Promise<void> {
  const found = await mkdir(into, { recursive: true })
    .then(() => readdir(into))
    .catch((error) => {
      throw cannotWrite(into, error);
    });
  if (found.length > 0) {
    const hint = 'Name a directory that does not exist yet.';
    throw new SpoorError('cannot-write', 'directory-not-empty', `${into} is not empty`, hint);
  }
  const scratch = await port.scratch();
  try {
    const options = {
      gitDirectory: own.gitDirectory,
      workTree: await realpath(into),
      indexFile: join(scratch, 'index'),
      milliseconds: 10 * 60_000,
    };
    const read = await port.git(['read-tree', '--end-of-options', snapshot], options);
    if (read.status !== 0) {
      throw new SpoorError('corrupt', 'snapshot-missing', `snapshot ${snapshot} cannot be read: ${read.stderr.trim()}`);
    }
    const written = await port.git(['checkout-index', '--all'], options);
    if (written.status !== 0) throw cannotWrite(into, new Error(written.stderr.trim()));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
