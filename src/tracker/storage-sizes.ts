/** What takes the space in a home. */
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../store/home.ts';

export interface PartSize {
  part: 'objects' | 'runs' | 'code' | 'trash' | 'cache' | 'catalog' | 'other';
  files: number;
  /** As the files say; what the file system takes for them may be more, or less. */
  bytes: number;
}

const ofDirectories: Readonly<Record<string, PartSize['part']>> = {
  objects: 'objects',
  runs: 'runs',
  code: 'code',
  trash: 'trash',
  cache: 'cache',
};

/** Files of a home by what they are, the largest part first. What goes while it is counted is not counted. */
export async function sizesOf({ directory }: Home): Promise<PartSize[]> {
  const parts = new Map<PartSize['part'], PartSize>();
  for await (const entry of await opendir(directory)) {
    const part = ofDirectories[entry.name] ?? (entry.name.startsWith('catalog') ? 'catalog' : 'other');
    const size = parts.get(part) ?? { part, files: 0, bytes: 0 };
    parts.set(part, size);
    if (entry.isDirectory()) await addAll(join(directory, entry.name), size);
    else if (entry.isFile()) await add(join(directory, entry.name), size);
  }
  return [...parts.values()].sort((a, b) => b.bytes - a.bytes);
}

async function addAll(directory: string, size: PartSize): Promise<void> {
  const entries = await opendir(directory, { recursive: true }).catch(() => null);
  if (entries === null) return;
  let pending: Promise<void>[] = [];
  try {
    for await (const entry of entries) {
      if (!entry.isFile()) continue;
      pending.push(add(join(entry.parentPath, entry.name), size));
      if (pending.length < 64) continue;
      await Promise.all(pending);
      pending = [];
    }
  } catch {
    // A directory went while it was counted.
  }
  await Promise.all(pending);
}

async function add(path: string, size: PartSize): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) return;
  size.files++;
  size.bytes += found.size;
}
