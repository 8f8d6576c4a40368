/**
 * Files that runs are known to have made but of which no hash was taken, as an import leaves them: where one still
 * stands as it was found and has as many bytes as a file that is asked about, its hash is taken now.
 */
import { stat } from 'node:fs/promises';
import type { MadeFile } from '../catalog/made.ts';
import { type Clues, readClues } from './whence-clues.ts';

/** Hashed at most for one file that is asked about. */
const mostCandidates = 32;
/** File systems keep times more or less exactly. */
const slackMs = 2_000;

/** Sizes of the files that could be answered so. */
export function unhashedSizes(clues: readonly Clues[]): number[] {
  return [...new Set(clues.filter((each) => hashOf(each) !== null).map(({ bytes }) => bytes))];
}

/** @returns `made` with the hashes that were taken */
export async function hashUnhashed(made: readonly MadeFile[], clues: readonly Clues[]): Promise<MadeFile[]> {
  const known = new Set(made.flatMap((file) => [file.sha256, file.tensorSha256, file.claimedSha256]));
  const taken = new Map<string, string>();
  const asked = new Map(clues.map((each) => [each.path, hashOf(each)]));
  for (const each of clues) {
    if (hashOf(each) === null || known.has(hashOf(each))) continue;
    for (const file of made.filter((file) => couldBe(file, each)).slice(0, mostCandidates)) {
      if (taken.has(file.path) || !(await standsAsFound(file))) continue;
      const hash = asked.get(file.path) ?? hashOf(await readClues(file.path, { headersOnly: false, strict: false }));
      if (hash !== null) taken.set(file.path, hash);
    }
  }
  return made.map((file) => {
    const hash = taken.get(file.path);
    if (hash === undefined || file.sha256 !== null) return file;
    return isModel(file.path) ? { ...file, tensorSha256: hash } : { ...file, sha256: hash };
  });
}

/** What stands for its bytes: the tensors' hash, or the whole file's where it has no header. */
function hashOf({ tensorSha256, sha256 }: Clues): string | null {
  return tensorSha256 ?? sha256;
}

function couldBe({ kind, bytes, sha256, path }: MadeFile, asked: Clues): boolean {
  if (sha256 !== null || bytes !== asked.bytes) return false;
  return kind === 'sample' ? asked.kind === 'image' : isModel(path) === (asked.tensorSha256 !== null);
}

const isModel = (path: string) => /\.(?:safetensors|sft)$/i.test(path);

async function standsAsFound({ path, bytes, modified }: MadeFile): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || found.size !== bytes || modified === null) return false;
  return Math.abs(found.mtimeMs - modified) <= slackMs;
}
