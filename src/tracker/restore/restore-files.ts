import { chmod, mkdir, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileRole, FileState } from '../../model/facts.ts';
import type { ObjectStore } from '../../model/ports.ts';
import { layoutNames } from '../layout-names.ts';
import type { FoundContent } from './content.ts';
import { attempt, freeName, isName, writeObject } from './inside.ts';
import type { NotRestored, Restored } from './restored.ts';

/** Models are not part of a restored run: they are looked for where they were. */
export const modelRoles: ReadonlySet<FileRole> = new Set([
  'base-model',
  'vae',
  'network-weights',
  'text-encoder',
  'resume-state',
]);

/** What else stands in the restored directory. */
const ownNames = ['repos', 'dataset', 'files', 'rewritten', 'output', 'logs'].concat([
  'command.sh',
  'environment.txt',
  'environment.yml',
  'RESTORED.md',
]);

export interface RestoredFiles {
  files: Restored['files'];
  missing: NotRestored[];
}

/**
 * Writes the files that the guide names under its names, every other one as `files/<role>/<name>`.
 * @param isInCode whether a file stands in a restored work tree
 */
export async function restoreFiles(
  objects: ObjectStore,
  states: readonly FileState[],
  into: string,
  content: FoundContent,
  isInCode: (path: string) => boolean,
): Promise<RestoredFiles> {
  const result: RestoredFiles = { files: [], missing: [] };
  for (const { path, file } of await placesOf(states, into, isInCode)) {
    const { role, path: from, sha256, bytes } = file;
    const lost = await attempt(join(into, path), () => writeFile(objects, file, join(into, path), content));
    if (lost !== null) {
      result.missing.push({ kind: 'file', path, reason: lost, sha256, bytes });
      continue;
    }
    result.files.push({ role, path, from, sha256 });
    if (!file.redactedKeys?.length) continue;
    const reason = `the values of ${file.redactedKeys.join(', ')} were not kept`;
    result.missing.push({ kind: 'secret', path, reason, sha256, bytes });
  }
  return result;
}

async function placesOf(states: readonly FileState[], into: string, isInCode: (path: string) => boolean) {
  const taken = new Set(ownNames);
  const named = layoutNames(states);
  const places = named.map(({ name, file }) => ({ path: freeName(name, taken), file }));
  const placed = new Set(named.map(({ file }) => file));
  const inRoles = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (const file of states) {
    const { path, kind } = file;
    const role = isName(file.role) ? file.role : 'other';
    if (placed.has(file) || modelRoles.has(role) || kind === 'remote' || kind === 'missing') continue;
    if (role === 'trainer' && (isInCode(path) || kind !== 'file')) continue;
    if (seen.has(`${path}\0${file.sha256}`)) continue;
    seen.add(`${path}\0${file.sha256}`);
    if (!inRoles.has(role)) {
      inRoles.set(role, new Set());
      await mkdir(join(into, 'files', role), { recursive: true });
    }
    const step = file.changed?.step ?? null;
    const name = file.changed === undefined ? basename(path) : `step-${step ?? 'unknown'}-${basename(path)}`;
    places.push({ path: `files/${role}/${freeName(name, inRoles.get(role)!)}`, file });
  }
  return places;
}

/** @returns null, or why it cannot be had */
async function writeFile(
  objects: ObjectStore,
  { object, sha256, path: original, kind }: FileState,
  path: string,
  content: FoundContent,
): Promise<string | null> {
  if (kind !== 'file') return `it was no file (${kind})`;
  const lost = object === null ? 'it was not kept' : await writeObject(objects, object, null, path);
  if (lost === null) {
    await makeExecutable(path);
    return null;
  }
  if (sha256 === null) return lost;
  const isFound = await content.copy(sha256, [Buffer.from(original)], Buffer.from(path));
  return isFound ? null : `${lost}, and no file with its hash was found`;
}

/** Modes of such files are not recorded; what names its interpreter was made to be started. */
async function makeExecutable(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead === 2 && buffer.toString('latin1') === '#!') await chmod(path, 0o755);
  } finally {
    await handle.close();
  }
}
