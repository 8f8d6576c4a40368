import type { Fact } from '../model/facts.ts';
import type { LaterWork } from '../model/later.ts';
import type { ObjectStore } from '../model/ports.ts';
import { isSha256 } from './objects/object.ts';

/** Manifests are lists of files; a longer one is not ours. */
const longestManifest = 1 << 30;

/** Hashes of all objects that a run needs: named by its facts, by its dataset's manifest, and by work still to do. */
export async function namedObjects(
  facts: readonly Fact[],
  later: readonly LaterWork[],
  objects: ObjectStore,
): Promise<Set<string>> {
  const named = new Set<string>();
  const manifests = new Set<string>();
  const kept = new Map<string, string>();
  for (const fact of facts) {
    if (fact.type === 'preview') add(named, fact.preview?.object);
    if (fact.type === 'kept' && fact.kept) kept.set(fact.path, fact.object);
    if (fact.type === 'kept' && !fact.kept) kept.delete(fact.path);
    if (fact.type === 'file') add(named, fact.file.object);
    if (fact.type === 'dataset') add(manifests, fact.dataset.manifest);
  }
  for (const object of kept.values()) add(named, object);
  for (const work of later) if (work.kind === 'dataset') add(manifests, work.draft);
  for (const manifest of manifests) {
    named.add(manifest);
    for (const object of await objectsOfManifest(manifest, objects)) named.add(object);
  }
  return named;
}

async function objectsOfManifest(manifest: string, objects: ObjectStore): Promise<string[]> {
  if (!(await objects.has(manifest))) return [];
  const found: string[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  let read = 0;
  for await (const chunk of objects.stream(manifest)) {
    read += chunk.length;
    if (read > longestManifest) break;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) found.push(...objectOfLine(line));
  }
  found.push(...objectOfLine(rest));
  return found;
}

function objectOfLine(line: string): string[] {
  try {
    const { object } = JSON.parse(line) as { object?: unknown };
    return typeof object === 'string' && isSha256(object) ? [object] : [];
  } catch {
    return [];
  }
}

function add(set: Set<string>, sha256: unknown): void {
  if (typeof sha256 === 'string' && isSha256(sha256)) set.add(sha256);
}
