import type { FileHandle } from 'node:fs/promises';
import { readSafetensorsHeader, type SafetensorsHeader } from '../formats/safetensors/header.ts';
import { readFully } from './open-regular.ts';

/** @throws SpoorError as `readSafetensorsHeader` */
export async function readHeader(handle: FileHandle, path: string): Promise<SafetensorsHeader> {
  const { size } = await handle.stat();
  const read = async (position: number, length: number) => {
    const buffer = new Uint8Array(length);
    return buffer.subarray(0, await readFully(handle, buffer, position));
  };
  return readSafetensorsHeader({ size, read }, path);
}
