/** The files that runs made, by which a file is led back to its run. */
import type { Artifact } from '../model/facts.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';

export interface MadeFile {
  run: RunId;
  kind: Artifact['kind'];
  /** Absolute, as it was made. */
  path: string;
  /** Base name of the path. */
  name: string;
  step: number | null;
  epoch: number | null;
  final: boolean;
  bytes: number | null;
  sha256: string | null;
  tensorSha256: string | null;
  sessionId: string | null;
}

/** By what made files are looked up; each list may be of any length. */
export interface MadeBy {
  /** Whole hashes, or their first digits (at least 8). */
  hashes?: readonly string[];
  sessions?: readonly string[];
  names?: readonly string[];
}

const most = 100_000;

export function madeFilesOf(run: Run): MadeFile[] {
  return run.artifacts.slice(0, most).flatMap((artifact) => {
    if (artifact.kind === 'state') return [];
    const { kind, path, step, epoch, final, bytes, sha256, tensorSha256, sessionId } = artifact;
    const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    return [{ run: run.id, kind, path, name, step, epoch, final, bytes, sha256, tensorSha256, sessionId }];
  });
}

/** The same question to files in memory. */
export function isMadeBy({ hashes = [], sessions = [], names = [] }: MadeBy): (file: MadeFile) => boolean {
  const beginnings = new Map<number, Set<string>>();
  for (const hash of hashes) beginnings.set(hash.length, (beginnings.get(hash.length) ?? new Set()).add(hash));
  const lengths = [...beginnings];
  const begins = (hash: string | null) => hash !== null && lengths.some(([n, set]) => set.has(hash.slice(0, n)));
  const ofSessions = new Set(sessions);
  const ofNames = new Set(names);
  return ({ sha256, tensorSha256, sessionId, name }) =>
    begins(tensorSha256) || begins(sha256) || (sessionId !== null && ofSessions.has(sessionId)) || ofNames.has(name);
}
