import type { ObjectStore } from '../../model/ports.ts';
import { partsInside } from './inside.ts';

export interface ListedFile {
  root: number;
  /** As it is shown. */
  path: string;
  /** Its names as they are. */
  parts: Buffer[];
  kind: 'image' | 'caption' | 'unread-caption' | 'metadata';
  bytes: number;
  sha256: string | null;
  /** Null where the bytes are not kept. */
  object: string | null;
}

/** A dataset's files out of the object that lists them; null where it cannot be read. Lines that are none are left out. */
export async function readManifest(objects: ObjectStore, manifest: string): Promise<ListedFile[] | null> {
  const bytes = await objects.get(manifest).catch(() => null);
  if (bytes === null) return null;
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString().split('\n');
  return lines.flatMap((line) => listed(line) ?? []);
}

const hash = /^[0-9a-f]{64}$/;

function listed(line: string): ListedFile | null {
  try {
    const { root, path, name, kind, bytes, sha256, object } = JSON.parse(line);
    if (!Number.isInteger(root) || typeof path !== 'string' || typeof bytes !== 'number') return null;
    const parts = typeof name === 'string' ? partsInside(name, 'latin1') : partsInside(path);
    const hashOrNull = (text: unknown) => (typeof text === 'string' && hash.test(text) ? text : null);
    if (parts === null) return null;
    return { root, path, parts, kind, bytes, sha256: hashOrNull(sha256), object: hashOrNull(object) };
  } catch {
    return null;
  }
}
