import type { Artifact } from '../model/facts.ts';
import { openRegular } from './open-regular.ts';
import { readHeader } from './safetensors-file.ts';

/**
 * The `__metadata__` of the earliest checkpoint that can still be read, for `Trainer.confirm`, and the
 * path it came from; null while there is none.
 */
export async function readFirstCheckpointMetadata(
  artifacts: readonly Artifact[],
): Promise<{ path: string; metadata: Record<string, string> } | null> {
  const checkpoints = artifacts
    .filter((artifact) => artifact.kind === 'checkpoint' && artifact.path.endsWith('.safetensors'))
    .sort((a, b) => ((a.modifiedAt ?? '') < (b.modifiedAt ?? '') ? -1 : 1));
  for (const { path, goneAt } of checkpoints) {
    const handle = goneAt === null ? await openRegular(path, 'refuse') : null;
    if (!handle) continue;
    try {
      return { path, metadata: { ...(await readHeader(handle, path)).metadata } };
    } catch {
      // Unreadable for now: a later checkpoint says the same.
    } finally {
      await handle.close();
    }
  }
  return null;
}
