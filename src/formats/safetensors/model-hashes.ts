/** The hashes that name a model file in the world of LoRA training, all from one pass over its bytes. */
import { createHash } from 'node:crypto';
import type { SafetensorsHeader } from './header.ts';

const legacyBegin = 0x100000;
const legacyEnd = 0x110000;

export interface ModelHashes {
  sha256: string;
  sha1: string | null;
  bytes: number;
  /** First 8 hex digits of SHA-256 over bytes 0x100000 to 0x110000: sd-scripts' `ss_sd_model_hash`. */
  legacyHash: string;
  /** SHA-256 of the tensor section: `sshs_model_hash`. Null without a header. */
  tensorSha256: string | null;
}

export interface ModelHasherOptions {
  /** `8 + headerBytes`; null for what is not safetensors. */
  tensorsBegin: number | null;
  sha1?: boolean;
}

/** Takes a file's bytes in order, in pieces of any size. */
export class ModelHasher {
  readonly #whole = createHash('sha256');
  readonly #sha1;
  readonly #legacy = createHash('sha256');
  readonly #tensors;
  readonly #tensorsBegin: number;
  #bytes = 0;

  constructor({ tensorsBegin, sha1 = false }: ModelHasherOptions) {
    this.#sha1 = sha1 ? createHash('sha1') : null;
    this.#tensors = tensorsBegin === null ? null : createHash('sha256');
    this.#tensorsBegin = tensorsBegin ?? 0;
  }

  update(piece: Uint8Array): void {
    const begin = this.#bytes;
    const end = begin + piece.byteLength;
    this.#whole.update(piece);
    this.#sha1?.update(piece);
    if (begin < legacyEnd && end > legacyBegin) {
      this.#legacy.update(piece.subarray(Math.max(0, legacyBegin - begin), legacyEnd - begin));
    }
    if (end > this.#tensorsBegin) this.#tensors?.update(piece.subarray(Math.max(0, this.#tensorsBegin - begin)));
    this.#bytes = end;
  }

  /** Ends it; to be called once. */
  digest(): ModelHashes {
    return {
      sha256: this.#whole.digest('hex'),
      sha1: this.#sha1?.digest('hex') ?? null,
      bytes: this.#bytes,
      legacyHash: this.#legacy.digest('hex').slice(0, 8),
      tensorSha256: this.#tensors?.digest('hex') ?? null,
    };
  }
}

/**
 * `sshs_legacy_hash`: the legacy hash of a virtual file whose metadata has the `ss_*` keys alone.
 * @param rawTensors the header's tensor entries as they stand in the file, in its order
 * @param read bytes of the tensor section at an offset into it
 */
export async function sshsLegacyHash(
  header: Pick<SafetensorsHeader, 'metadata' | 'dataBytes'>,
  rawTensors: Readonly<Record<string, unknown>>,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<string> {
  const metadata = Object.fromEntries(Object.entries(header.metadata).filter(([key]) => key.startsWith('ss_')));
  const json = Buffer.from(JSON.stringify({ __metadata__: metadata, ...rawTensors }));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.byteLength % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.byteLength));
  const virtual = Buffer.concat([length, padded]);
  const hash = createHash('sha256');
  hash.update(virtual.subarray(legacyBegin, legacyEnd));
  const begin = Math.max(0, legacyBegin - virtual.byteLength);
  const end = Math.min(legacyEnd - virtual.byteLength, header.dataBytes);
  if (end > begin) hash.update(await read(begin, end - begin));
  return hash.digest('hex').slice(0, 8);
}
