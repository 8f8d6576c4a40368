/** What a file is and where it comes from, by its first bytes: whoever has it keeps the rest. */
import type { ByteReader } from '../formats/safetensors/header.ts';
import type { Home } from '../store/home.ts';
import { type Inspected, inspectReader } from './inspect-file.ts';
import { answersTo, type WhenceAnswer } from './whence.ts';
import { headerClues } from './whence-clues.ts';

export interface FileBeginning {
  /** What it is called; nothing is opened by it. */
  name: string;
  /** Of the whole file. */
  bytes: number;
  begin: Uint8Array;
  /** As its owner hashed it; null where nobody did. */
  sha256: string | null;
  tensorSha256: string | null;
}

/** @throws SpoorError for a malformed file, as its reader */
export async function examineBytes(
  home: Home,
  { name, bytes, begin, sha256, tensorSha256 }: FileBeginning,
): Promise<{ inspected: Inspected; whence: WhenceAnswer }> {
  const reader: ByteReader = {
    size: bytes,
    read: async (position, length) => Buffer.from(begin.subarray(position, position + length)),
  };
  const inspected = await inspectReader(reader, name, { hashes: false, norms: false });
  const clues = { ...(await headerClues(reader, name)), sha256, tensorSha256 };
  const [whence] = await answersTo(home, [clues], () => {});
  return { inspected, whence: whence as WhenceAnswer };
}
