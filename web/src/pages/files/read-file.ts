/** The beginning of a file, which tells what it is; the rest of it never leaves this machine, nor this page. */
import type { Asked } from '../../../../src/api/index.ts';

/** A longer header is no header. */
const longestHeader = 100 << 20;
/** Where the texts of a PNG stand, but for the oddest. */
const imageBytes = 256 << 10;
/** A file up to this size is hashed here, so that it can be told for certain; the hash alone is sent. */
const mostHashed = 512 << 20;

export type Examined = Asked<'examine'>;

export async function beginningOf(file: File): Promise<Examined> {
  const isModel = /\.safetensors$/i.test(file.name);
  const end = isModel ? await headerEnd(file) : Math.min(file.size, imageBytes);
  const body = new Uint8Array(await file.slice(0, end).arrayBuffer());
  const about = { name: file.name, bytes: file.size, body };
  if (file.size > mostHashed || !globalThis.crypto?.subtle) return about;
  return {
    ...about,
    sha256: await hashOf(file),
    ...(isModel && end < file.size ? { tensorSha256: await hashOf(file.slice(end)) } : {}),
  };
}

/** A safetensors file begins with the length of its header: 8 bytes, little-endian. */
async function headerEnd(file: File): Promise<number> {
  const head = new DataView(await file.slice(0, 8).arrayBuffer());
  const length = head.byteLength === 8 ? Number(head.getBigUint64(0, true)) : 0;
  return Math.min(file.size, 8 + Math.min(length, longestHeader));
}

async function hashOf(part: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await part.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
