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
  /** What its header claims, where that is not `tensorSha256`. */
  claimedSha256: string | null;
  /** When it was last written, in milliseconds since 1970. */
  modified: number | null;
  sessionId: string | null;
}

/** By what made files are looked up; each list may be of any length. */
export interface MadeBy {
  /** Whole hashes, or their first digits (at least 8). */
  hashes?: readonly string[];
  sessions?: readonly string[];
  names?: readonly string[];
  /** Bytes of files of which no hash was taken. */
  unhashedSizes?: readonly number[];
}

const most = 100_000;

export function madeFilesOf(run: Run): MadeFile[] {
  return run.artifacts.slice(0, most).flatMap((artifact) => {
    if (artifact.kind === 'state') return [];
    const { kind, path, step, epoch, final, bytes, sha256, tensorSha256, sessionId } = artifact;
    const claimedSha256 = artifact.claimedSha256 ?? null;
    const modified = artifact.modifiedAt === null ? null : Date.parse(artifact.modifiedAt);
    const known = { sha256, tensorSha256, claimedSha256, modified, sessionId };
    const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    return [{ run: run.id, kind, path, name, step, epoch, final, bytes, ...known }];
  });
}

/** The same question to files in memory. */
export function isMadeBy({
  hashes = [],
  sessions = [],
  names = [],
  unhashedSizes = [],
}: MadeBy): (file: MadeFile) => boolean {
  const beginnings = new Map<number, Set<string>>();
  for (const hash of hashes) beginnings.set(hash.length, (beginnings.get(hash.length) ?? new Set()).add(hash));
  const lengths = [...beginnings];
  const begins = (hash: string | null) => hash !== null && lengths.some(([n, set]) => set.has(hash.slice(0, n)));
  const ofSessions = new Set(sessions);
  const ofNames = new Set(names);
  const ofSizes = new Set(unhashedSizes);
  return ({ sha256, tensorSha256, claimedSha256, sessionId, name, bytes }) =>
    begins(tensorSha256) ||
    begins(sha256) ||
    begins(claimedSha256) ||
    (sessionId !== null && ofSessions.has(sessionId)) ||
    ofNames.has(name) ||
    (sha256 === null && bytes !== null && ofSizes.has(bytes));
}
