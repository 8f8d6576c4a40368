import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Space {
  path: string;
  /** Bytes that an ordinary user may still write. */
  free: number;
}

/** The free space of the file system that a path lies on, or will lie on; null where nobody can tell. */
export async function spaceAt(path: string): Promise<Space | null> {
  for (let at = path; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return { path: at, free: bavail * bsize };
    } catch {
      if (dirname(at) === at) return null;
    }
  }
}
