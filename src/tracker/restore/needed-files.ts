/** Models that a run reads and that are no part of what is restored: whether they still are what they were. */
import { closeSync } from 'node:fs';
import { hashFileLater } from '../../capture/files/hash-later.ts';
import { captureNamedFiles } from '../../capture/files/named-files.ts';
import type { FileState } from '../../model/facts.ts';
import type { HashCaches } from '../../model/ports.ts';
import type { Run } from '../../model/run.ts';
import { modelRoles } from './restore-files.ts';
import type { NotRestored } from './restored.ts';

/**
 * @param whole whether what is not known is hashed, however large it is; else its size must do
 * @param isHere whether a path was restored
 */
export async function neededFiles(
  run: Run,
  caches: HashCaches,
  whole: boolean,
  isHere: (path: string) => boolean,
): Promise<NotRestored[]> {
  const wanted = run.files.filter(({ role, kind, path }) => {
    return modelRoles.has(role) && (kind === 'file' || kind === 'directory') && !isHere(path);
  });
  const named = wanted.map(({ role, key, path }) => ({ role, key: key ?? role, path, remote: false }));
  const { files, later, held } = await captureNamedFiles({ files: named, caches });
  for (const descriptor of held) closeSync(descriptor);
  const hashed = new Map<string, FileState>();
  if (whole) {
    for (const work of later) {
      if (work.kind === 'hash-file') hashed.set(work.file.path, (await hashFileLater({ work, caches })).file);
    }
  }
  return wanted.flatMap((then, index) => {
    const reason = difference(then, hashed.get(then.path) ?? files[index]!);
    const { path, sha256, bytes } = then;
    return reason === null ? [] : { kind: 'model' as const, path, reason, sha256, bytes };
  });
}

function difference(then: FileState, now: FileState): string | null {
  if (now.kind === 'missing') return 'it is not where it was';
  if (now.kind !== then.kind) return `it is no ${then.kind} any more (${now.kind})`;
  if (then.sha256 !== null && now.sha256 !== null) {
    return then.sha256 === now.sha256 ? null : 'another file is there now';
  }
  return then.bytes === now.bytes ? null : 'a file of another size is there now';
}
