import type { ByteReader, SafetensorsHeader } from '../formats/safetensors/header.ts';
import { ModelHasher, sshsLegacyHash } from '../formats/safetensors/model-hashes.ts';

/** The hashes by which the field names a file; those of tensors are null for what is not safetensors. */
export interface FileHashes {
  sha256: string;
  /** First 10 digits of SHA-256. */
  autoV2: string;
  /** First 12 digits of the tensors' SHA-256, as A1111 writes it. */
  autoV3: string | null;
  /** SHA-256 of what stands behind the header: `sshs_model_hash`. */
  tensorSha256: string | null;
  /** `sshs_legacy_hash`. */
  sshsLegacyHash: string | null;
  /** A1111's first hash: 64 KiB at 1 MiB. */
  legacyHash: string;
}

const pieceBytes = 1 << 20;

/** The bytes from `begin` to the end; the next piece is read while one is hashed. */
export async function* piecesOf(reader: ByteReader, begin: number): AsyncGenerator<Uint8Array> {
  let position = begin;
  let next = reader.read(position, pieceBytes);
  for (let piece = await next; piece.byteLength > 0; piece = await next) {
    position += piece.byteLength;
    next = reader.read(position, pieceBytes);
    yield piece;
  }
}

/** One pass over the bytes. */
export async function hashesOf(reader: ByteReader, header: SafetensorsHeader | null): Promise<FileHashes> {
  const tensorsBegin = header && 8 + header.headerBytes;
  const hasher = new ModelHasher({ tensorsBegin });
  for await (const piece of piecesOf(reader, 0)) hasher.update(piece);
  const { sha256, tensorSha256, legacyHash } = hasher.digest();
  return {
    sha256,
    autoV2: sha256.slice(0, 10),
    autoV3: tensorSha256?.slice(0, 12) ?? null,
    tensorSha256,
    sshsLegacyHash: header && (await legacyOf(reader, header)),
    legacyHash,
  };
}

/** Reads the header and 64 KiB. */
export async function legacyOf(reader: ByteReader, header: SafetensorsHeader): Promise<string> {
  const text = new TextDecoder().decode(await reader.read(8, header.headerBytes));
  const { __metadata__: _, ...tensors } = JSON.parse(text) as Record<string, unknown>;
  const begin = 8 + header.headerBytes;
  return sshsLegacyHash(header, tensors, (offset, length) => reader.read(begin + offset, length));
}
