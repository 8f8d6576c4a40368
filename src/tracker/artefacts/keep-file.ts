import { lstat, statfs } from 'node:fs/promises';
import { errorCode, errorText, SpoorError } from '../../model/errors.ts';
import type { Artifact, Told } from '../../model/facts.ts';
import type { Home } from '../../store/home.ts';

/** The disk is the trainer's: so much, or a tenth of a small disk, is left free for it, beside as much again as is copied. */
const reserve = 1 << 30;

/**
 * Copies a file that the run made among the objects, by reflink where the file system can.
 * @returns the fact; a warning where it could not be kept; null where it is not there any more or another by now
 */
export async function keepFile(home: Home, { path, sha256, bytes }: Artifact): Promise<Told | null> {
  if (sha256 === null) return null;
  const kept: Told = { type: 'kept', path, object: sha256, kept: true };
  if (await home.objects.has(sha256)) return kept;
  try {
    const found = await lstat(path);
    if (!found.isFile() || found.size !== bytes) return null;
    const { bavail, bsize, blocks } = await statfs(home.directory);
    const free = bavail * bsize;
    if (free < 2 * found.size + Math.min(reserve, (blocks * bsize) / 10))
      return notKept(path, `the disk of ${home.directory} has only ${(free / 1e9).toFixed(1)} GB left`);
    await home.objects.putFile(path, sha256);
    return kept;
  } catch (error) {
    const gone = errorCode(error) === 'ENOENT' || (error instanceof SpoorError && error.code === 'changed-while-read');
    return gone ? null : notKept(path, errorText(error));
  }
}

function notKept(path: string, why: string): Told {
  const hint = 'The file itself stands where the trainer wrote it, until someone deletes it.';
  return { type: 'warning', warning: { code: 'artifact-not-kept', message: `${path} is not copied: ${why}`, hint } };
}
