import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { StampText } from '../../model/later.ts';

/**
 * SHA-256 of a regular file, or null if it is not (or, while being read, no longer) the version that
 * the stamp tells.
 */
export async function hashVersion(path: Buffer, stamp: StampText): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
    try {
      const is = async () => {
        const found = await file.stat({ bigint: true });
        return found.isFile() && JSON.stringify(stampOf(found)) === JSON.stringify(stamp);
      };
      if (!(await is())) return null;
      const hash = createHash('sha256');
      for await (const piece of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) hash.update(piece);
      return (await is()) ? hash.digest('hex') : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

export function stampOf(stat: BigIntStats): StampText {
  return {
    size: String(stat.size),
    mtimeNs: String(stat.mtimeNs),
    ctimeNs: String(stat.ctimeNs),
    ino: String(stat.ino),
    dev: String(stat.dev),
  };
}
