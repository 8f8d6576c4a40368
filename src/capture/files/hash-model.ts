/** All hashes of an open model file, in one pass. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { readSafetensorsHeader } from '../../formats/safetensors/header.ts';
import { ModelHasher, type ModelHashes } from '../../formats/safetensors/model-hashes.ts';

const pieceBytes = 4 << 20;
const legacyBegin = 0x100000;
const legacyBytes = 0x10000;

/** Reads in sequence, one piece at a time. @param name tells by its ending whether it has a tensor section */
export async function hashModel(handle: FileHandle, name: string): Promise<ModelHashes> {
  const { size } = await handle.stat();
  const hasher = new ModelHasher({ tensorsBegin: await tensorsBegin(handle, size, name), sha1: true });
  const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, size + 1));
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hasher.digest();
    hasher.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

/** `ss_sd_model_hash` alone, which needs 64 KiB. */
export async function legacyHash(handle: FileHandle): Promise<string> {
  const buffer = Buffer.allocUnsafe(legacyBytes);
  const read = await readAt(handle, buffer, legacyBegin);
  return createHash('sha256').update(read).digest('hex').slice(0, 8);
}

/** Null for what is not safetensors, or none that can be read. */
async function tensorsBegin(handle: FileHandle, size: number, name: string): Promise<number | null> {
  if (!/\.(safetensors|sft)$/i.test(name)) return null;
  try {
    const read = (position: number, length: number) => readAt(handle, Buffer.allocUnsafe(length), position);
    const { headerBytes } = await readSafetensorsHeader({ size, read }, name);
    return 8 + headerBytes;
  } catch {
    return null;
  }
}

async function readAt(handle: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
