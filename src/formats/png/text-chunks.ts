/** The texts of a PNG: its tEXt, zTXt and iTXt chunks. Pixels are never read. */
import { inflateSync } from 'node:zlib';
import { SpoorError } from '../../model/errors.ts';
import type { ByteReader } from '../safetensors/header.ts';

const signature = '89504e470d0a1a0a';
/** A workflow of ComfyUI has some hundred kB. */
const longestText = 16 << 20;
const mostChunks = 100_000;
const mostTexts = 64;

/**
 * Texts by keyword; the first of a keyword counts. A file that ends early gives what stood before its end.
 * @param reader at most 16 MiB of a chunk are read, and as much is inflated
 * @throws SpoorError `data` with code `png-malformed`; `name` names the file in it
 */
export async function readPngTexts(reader: ByteReader, name: string): Promise<Record<string, string>> {
  const begin = Buffer.from(await reader.read(0, 8));
  if (begin.toString('hex') !== signature) throw malformed(name, 'it does not begin as a PNG does');
  const texts: Record<string, string> = Object.create(null);
  let position = 8;
  let found = 0;
  for (let chunk = 0; chunk < mostChunks && found < mostTexts; chunk++) {
    const head = Buffer.from(await reader.read(position, 8));
    if (head.length < 8) return texts;
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (length > 0x7fff_ffff) throw malformed(name, `a chunk claims ${length} bytes`);
    if (type === 'IEND') return texts;
    if (type === 'tEXt' || type === 'zTXt' || type === 'iTXt') {
      if (length > longestText) throw malformed(name, `a text claims ${length} bytes, more than ${longestText}`);
      const body = Buffer.from(await reader.read(position + 8, length));
      if (body.length < length) return texts;
      const text = decode(type, body, name);
      if (text && !(text.keyword in texts)) texts[text.keyword] = text.value;
      found++;
    }
    position += 12 + length;
  }
  return texts;
}

function decode(type: string, body: Buffer, name: string): { keyword: string; value: string } | null {
  const end = body.indexOf(0);
  if (end < 1 || end > 79) return null;
  const keyword = body.toString('latin1', 0, end);
  const rest = body.subarray(end + 1);
  if (type === 'tEXt') return { keyword, value: rest.toString(isUtf8(rest) ? 'utf8' : 'latin1') };
  if (type === 'zTXt') return { keyword, value: inflate(rest.subarray(1), name).toString('latin1') };
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return null;
  const text = rest.subarray(translated + 1);
  return { keyword, value: (rest[0] === 1 ? inflate(text, name) : text).toString('utf8') };
}

/** Latin-1 by the letter of the standard; what writes UTF-8 there all the same is read so. */
function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function inflate(bytes: Buffer, name: string): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: longestText });
  } catch {
    throw malformed(name, `a compressed text cannot be read, or has more than ${longestText} bytes`);
  }
}

function malformed(name: string, what: string): SpoorError {
  return new SpoorError('data', 'png-malformed', `${name} is no PNG that can be read: ${what}`);
}
