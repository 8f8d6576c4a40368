/** Files of the Hugging Face hub's cache, which are named by their hashes. */

export interface HubFile {
  /** `stabilityai/sdxl-vae@<revision>/diffusion_pytorch_model.safetensors`, as far as the path tells. */
  hub: string;
  /** Of the content; null for small files, which the hub names by their git object. */
  sha256: string | null;
}

/**
 * @param path as the configuration names it
 * @param real the path behind all links
 * @returns null for what is not in a hub cache
 */
export function hubFile(path: string, real: string): HubFile | null {
  const blob = /\/models--([^/]+)\/blobs\/([0-9a-f]{64}|[0-9a-f]{40})$/.exec(real);
  if (blob === null) return null;
  const name = blob[1]!.replaceAll('--', '/');
  const snapshot = /\/models--[^/]+\/snapshots\/([^/]+)\/(.+)$/.exec(path);
  const hub = snapshot === null ? name : `${name}@${snapshot[1]}/${snapshot[2]}`;
  return { hub, sha256: blob[2]!.length === 64 ? blob[2]! : null };
}

/** The same for a whole snapshot, which is a directory of links. */
export function hubSnapshot(path: string): string | null {
  const snapshot = /\/models--([^/]+)\/snapshots\/([^/]+)(\/.*)?$/.exec(path);
  return snapshot === null ? null : `${snapshot[1]!.replaceAll('--', '/')}@${snapshot[2]}${snapshot[3] ?? ''}`;
}
