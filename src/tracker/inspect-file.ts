/** What a file tells of itself, without a run: `spoor inspect`. */
import type { FileHandle } from 'node:fs/promises';
import { openRegular, readFully } from '../follow/open-regular.ts';
import { type ImageFormat, imageFormatOf, readImageTexts } from '../formats/image-texts.ts';
import { type Render, renderOf } from '../formats/png/render.ts';
import { type ByteReader, readSafetensorsHeader, type SafetensorsHeader } from '../formats/safetensors/header.ts';
import { decodeNumbers, elements, networkBlocks } from '../formats/safetensors/network.ts';
import { SpoorError } from '../model/errors.ts';
import { type FileMetadata, readMetadata } from '../trainers/metadata/metadata.ts';
import { type FileHashes, hashesOf } from './inspect-hashes.ts';

export interface InspectedBlock {
  name: string;
  modules: number;
  tensors: number;
  parameters: number;
  /** Ascending; empty where nothing tells one. */
  ranks: number[];
  alphas: number[];
  /** Root of the sum of squares over its tensors without alphas; null where it was not asked for or the type has none. */
  norm: number | null;
}

/** A claim of the header: `unverifiable` by the bytes alone where LyCORIS hashed in an order that the file does not keep. */
export type ClaimState = 'verified' | 'contradicted' | 'unverifiable' | 'not-checked';

/** What became of the header's claims; null where it makes none. */
export interface Claims {
  modelHash: ClaimState | null;
  legacyHash: ClaimState | null;
  sha256: ClaimState | null;
}

export interface InspectedModel {
  format: 'safetensors';
  headerBytes: number;
  tensors: number;
  parameters: number;
  /** Tensors by data type. */
  dtypes: Record<string, number>;
  blocks: InspectedBlock[];
  metadata: FileMetadata;
  /** The header's texts as they stand. */
  raw: Readonly<Record<string, string>>;
  claims: Claims;
}

export interface InspectedImage {
  format: ImageFormat;
  texts: Record<string, string>;
  render: Render | null;
}

/** `pickle`: never unpickled, since that executes what the file says. */
export type Inspected = (InspectedModel | InspectedImage | { format: 'pickle' | 'other' }) & {
  path: string;
  bytes: number;
  /** Null where they were not asked for. */
  hashes: FileHashes | null;
};

export interface InspectOptions {
  hashes: boolean;
  norms: boolean;
}

const mostAlphas = 20_000;
const pieceBytes = 4 << 20;

/** @throws SpoorError `file-not-found`, or for a malformed file as its reader */
export async function inspectFile(path: string, options: InspectOptions): Promise<Inspected> {
  const handle = await openRegular(path, 'follow');
  if (!handle) throw notFound(path);
  try {
    return await inspectReader(await byteReader(handle), path, options);
  } finally {
    await handle.close();
  }
}

/** The same of bytes that come from elsewhere. @param path what the file is called */
export async function inspectReader(reader: ByteReader, path: string, options: InspectOptions): Promise<Inspected> {
  const format = formatOf(path, await reader.read(0, 12));
  const hashes = async (header: SafetensorsHeader | null) => (options.hashes ? hashesOf(reader, header) : null);
  const file = { path, bytes: reader.size };
  if (isImage(format)) {
    const texts = await readImageTexts(format, reader, path);
    return { ...file, format, texts: { ...texts }, render: renderOf(texts), hashes: await hashes(null) };
  }
  if (format !== 'safetensors') return { ...file, format, hashes: await hashes(null) };
  const header = await readSafetensorsHeader(reader, path);
  const found = await hashes(header);
  return { ...file, ...(await inspectModel(reader, header, found, options.norms)), hashes: found };
}

export async function byteReader(handle: FileHandle): Promise<ByteReader> {
  const { size } = await handle.stat();
  const read = async (position: number, length: number) => {
    const room = Math.max(0, Math.min(length, size - position));
    const buffer = Buffer.allocUnsafe(room);
    return buffer.subarray(0, await readFully(handle, buffer, position));
  };
  return { size, read };
}

export function notFound(path: string): SpoorError {
  return new SpoorError('not-found', 'file-not-found', `${path} is not there or is no file that can be read`);
}

/** By its first bytes where they tell, else by its ending. */
export function formatOf(path: string, begin: Uint8Array): Inspected['format'] {
  const image = imageFormatOf(begin);
  if (image) return image;
  if (/\.(?:safetensors|sft)$/i.test(path)) return 'safetensors';
  return /\.(?:pt|pth|ckpt|bin|pkl)$/i.test(path) ? 'pickle' : 'other';
}

export const isImage = (format: Inspected['format']): format is ImageFormat =>
  format === 'png' || format === 'jpeg' || format === 'webp';

async function inspectModel(
  reader: ByteReader,
  header: SafetensorsHeader,
  hashes: FileHashes | null,
  norms: boolean,
): Promise<InspectedModel> {
  const metadata = readMetadata(header.metadata);
  const dtypes: Record<string, number> = Object.create(null);
  for (const { dtype } of header.tensors) dtypes[dtype] = (dtypes[dtype] ?? 0) + 1;
  return {
    format: 'safetensors',
    headerBytes: header.headerBytes,
    tensors: header.tensors.length,
    parameters: header.tensors.reduce((sum, { shape }) => sum + elements(shape), 0),
    dtypes: { ...dtypes },
    blocks: await inspectBlocks(reader, header, norms),
    metadata,
    raw: header.metadata,
    claims: claimsOf(metadata, header.metadata, hashes),
  };
}

async function inspectBlocks(reader: ByteReader, header: SafetensorsHeader, norms: boolean): Promise<InspectedBlock[]> {
  const byName = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  let alphasLeft = mostAlphas;
  const blocks: InspectedBlock[] = [];
  for (const { tensorNames, ...block } of networkBlocks(header.tensors)) {
    const alphas = new Set<number>();
    let squares: number | null = norms ? 0 : null;
    for (const name of tensorNames) {
      const tensor = byName.get(name)!;
      const at = 8 + header.headerBytes + tensor.begin;
      if (name.endsWith('.alpha') && tensor.end - tensor.begin <= 8) {
        const value =
          alphasLeft-- > 0 ? decodeNumbers(tensor.dtype, await reader.read(at, tensor.end - tensor.begin)) : null;
        if (value?.[0] !== undefined) alphas.add(value[0]);
      } else if (squares !== null) {
        squares = await addSquares(reader, tensor.dtype, at, tensor.end - tensor.begin, squares);
      }
    }
    const norm = squares === null ? null : Math.sqrt(squares);
    blocks.push({ ...block, alphas: [...alphas].sort((a, b) => a - b), norm });
  }
  return blocks;
}

async function addSquares(reader: ByteReader, dtype: string, at: number, length: number, sum: number) {
  let squares = sum;
  for (let done = 0; done < length; done += pieceBytes) {
    const numbers = decodeNumbers(dtype, await reader.read(at + done, Math.min(pieceBytes, length - done)));
    if (numbers === null) return null;
    for (const number of numbers) squares += number * number;
  }
  return squares;
}

/** @param hashes null where they were not taken */
export function claimsOf(
  { claims }: FileMetadata,
  raw: Readonly<Record<string, string>>,
  hashes: Pick<FileHashes, 'tensorSha256' | 'sshsLegacyHash'> | null,
): Claims {
  const compare = (claim: string | null, actual: string | null | undefined): ClaimState | null => {
    if (claim === null) return null;
    if (hashes === null) return 'not-checked';
    return actual?.startsWith(claim) ? 'verified' : 'contradicted';
  };
  const byLycoris = /^lycoris/.test(raw.ss_network_module ?? '') || raw.sshs_model_hash?.startsWith('0x') === true;
  const lenient = (state: ClaimState | null) => (state === 'contradicted' && byLycoris ? 'unverifiable' : state);
  return {
    modelHash: lenient(compare(claims.modelHash, hashes?.tensorSha256)),
    legacyHash: lenient(compare(claims.legacyHash, hashes?.sshsLegacyHash)),
    sha256: compare(claims.sha256, hashes?.tensorSha256),
  };
}
