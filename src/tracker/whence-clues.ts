import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { openRegular } from '../follow/open-regular.ts';
import { readImageTexts } from '../formats/image-texts.ts';
import { renderOf, type UsedLora } from '../formats/png/render.ts';
import { claimedTensorHash } from '../formats/safetensors/claimed-hash.ts';
import { type ByteReader, readSafetensorsHeader } from '../formats/safetensors/header.ts';
import { SpoorError } from '../model/errors.ts';
import { type FileMetadata, readMetadata } from '../trainers/metadata/metadata.ts';
import { byteReader, type Claims, claimsOf, formatOf, isImage, notFound } from './inspect-file.ts';
import { legacyOf, piecesOf } from './inspect-hashes.ts';

/** What of a file may lead to its run. */
export interface Clues {
  path: string;
  name: string;
  kind: 'model' | 'image' | 'render' | 'other';
  bytes: number;
  sha256: string | null;
  tensorSha256: string | null;
  /** `sshs_model_hash`: the file's own word. */
  claimed: string | null;
  /** Whether the claim is one that the bytes cannot confirm (LyCORIS). */
  unverifiable: boolean;
  session: FileMetadata['session'] | null;
  step: number | null;
  told: FileMetadata | null;
  /** What became of the header's claims; null for what has no header. */
  claims: Claims | null;
  loras: UsedLora[];
  error: string | null;
}

/** @param options `strict`: a file that cannot be read is an error, not a clue */
export async function readClues(path: string, options: { headersOnly: boolean; strict: boolean }): Promise<Clues> {
  const clues = none(path);
  try {
    const handle = await openRegular(path, 'follow');
    if (!handle) throw notFound(path);
    try {
      return { ...clues, ...(await read(await byteReader(handle), path, options.headersOnly)) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (options.strict || !(error instanceof SpoorError)) throw error;
    return { ...clues, error: error.message };
  }
}

/** What the header of a file tells, of which no more than its beginning is at hand. */
export async function headerClues(reader: ByteReader, name: string): Promise<Clues> {
  return { ...none(name), ...(await read(reader, name, true)) };
}

async function read(reader: ByteReader, path: string, headersOnly: boolean): Promise<Partial<Clues>> {
  const format = formatOf(path, await reader.read(0, 12));
  const { size: bytes } = reader;
  if (format === 'safetensors') {
    const header = await readSafetensorsHeader(reader, path);
    const { metadata, headerBytes } = header;
    const told = readMetadata(metadata);
    const hashes = headersOnly ? {} : await hash(reader, 8 + headerBytes);
    const legacy = headersOnly || told.claims.legacyHash === null ? null : await legacyOf(reader, header);
    const taken = headersOnly ? null : { tensorSha256: hashes.tensorSha256 ?? null, sshsLegacyHash: legacy };
    return {
      kind: 'model',
      bytes,
      ...hashes,
      claimed: claimedTensorHash(metadata),
      claims: claimsOf(told, metadata, taken),
      unverifiable: told.writer === 'lycoris',
      session: told.session,
      step: told.step,
      told: Object.keys(metadata).length > 0 ? told : null,
    };
  }
  if (isImage(format)) {
    const render = renderOf(await readImageTexts(format, reader, path));
    if (render) return { kind: 'render', bytes, loras: render.loras };
  }
  const hashes = headersOnly ? {} : await hash(reader, null);
  return { kind: format === 'pickle' ? 'model' : isImage(format) ? 'image' : 'other', bytes, ...hashes };
}

/** The tensors alone where there is a header: sites rewrite headers, and half the hashing is half the time. */
async function hash(reader: ByteReader, tensorsBegin: number | null): Promise<Partial<Clues>> {
  const hasher = createHash('sha256');
  for await (const piece of piecesOf(reader, tensorsBegin ?? 0)) hasher.update(piece);
  const digest = hasher.digest('hex');
  return tensorsBegin === null ? { sha256: digest } : { tensorSha256: digest };
}

function none(path: string): Clues {
  return {
    path,
    name: basename(path),
    kind: 'other',
    bytes: 0,
    sha256: null,
    tensorSha256: null,
    claimed: null,
    unverifiable: false,
    session: null,
    step: null,
    told: null,
    claims: null,
    loras: [],
    error: null,
  };
}
