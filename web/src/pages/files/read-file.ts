/** What of a file is sent: its header, which tells what it is. Tensors and pixels never leave this page. */
import type { Asked } from '../../../../src/api/index.ts';
import { jpegParts, type Part, pngParts, webpParts } from './picture-parts.ts';

/** A longer header is no header, and is not read by anyone. */
const longestHeader = 64 << 20;
/** A file up to this size is hashed here, so that it can be told for certain; the hash alone is sent. */
const mostHashed = 512 << 20;

export type Examined = Asked<'examine'>;

/** Throws where the file cannot be read: it is a folder, or gone. */
export async function headerOf(file: File): Promise<Examined> {
  const parts = await partsOf(file);
  const body = new Uint8Array(await new Blob(parts.map(({ from, to }) => file.slice(from, to))).arrayBuffer());
  const about = { name: file.name || '?', bytes: file.size, body };
  if (!isHashed(file)) return about;
  const whole = await file.arrayBuffer();
  const tensors = isModel(file.name) ? (parts[0]?.to ?? 0) : 0;
  return {
    ...about,
    sha256: await hashOf(new Uint8Array(whole)),
    ...(tensors > 8 && tensors < file.size ? { tensorSha256: await hashOf(new Uint8Array(whole, tensors)) } : {}),
  };
}

/** Whether its hash is taken: it is not too large, and this page may (its address is this machine's, or https). */
export const isHashed = (file: File): boolean => file.size <= mostHashed && globalThis.crypto?.subtle !== undefined;

const isModel = (name: string) => /\.(?:safetensors|sft)$/i.test(name);

/** As much as names the kind of a file. */
const beginning = 12;

async function partsOf(file: File): Promise<Part[]> {
  const read = async (from: number, length: number) =>
    new Uint8Array(await file.slice(from, from + length).arrayBuffer());
  const begin = await read(0, beginning);
  const magic = String.fromCharCode(...begin);
  if (magic.startsWith('\x89PNG')) return pngParts(read);
  if (magic.startsWith('\xff\xd8\xff')) return jpegParts(read);
  if (magic.startsWith('RIFF') && magic.slice(8) === 'WEBP') return webpParts(read);
  if (!isModel(file.name)) return [{ from: 0, to: begin.length }];
  // A safetensors file begins with the length of its header: 8 bytes, little-endian.
  const length = begin.length >= 8 ? new DataView(begin.buffer).getBigUint64(0, true) : 0n;
  const end = length > longestHeader ? 8 : 8 + Number(length);
  return [{ from: 0, to: Math.min(file.size, end) }];
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
