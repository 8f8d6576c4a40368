/**
 * Writes tar archives (POSIX.1-2001 pax: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html).
 * Names that do not fit a ustar header go into a pax record before it.
 */
const blockSize = 512;

export interface TarEntry {
  /** Relative, `/` between parts. */
  name: string;
  /** Exactly so many bytes are written, whatever `content` yields: a growing file is cut, a shrunken one filled with zeros. */
  bytes: number;
  modified: Date;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export async function* writeTar(entries: AsyncIterable<TarEntry>): AsyncIterable<Uint8Array> {
  for await (const { name, bytes, modified, content } of entries) {
    const seconds = Math.max(0, Math.floor(modified.getTime() / 1000));
    const fits = Buffer.byteLength(name) <= 100 && bytes < 8 ** 11;
    if (!fits) {
      const records = Buffer.concat([record('path', name), record('size', `${bytes}`)]);
      yield header('PaxHeader', records.length, seconds, 'x');
      yield records;
      yield padding(records.length);
    }
    // A reader of pax takes name and size from the record.
    yield header(fits ? name : Buffer.from(name).toString('latin1').slice(0, 100), fits ? bytes : 0, seconds, '0');
    yield* exactly(content, bytes);
    yield padding(bytes);
  }
  yield Buffer.alloc(2 * blockSize);
}

/** `LENGTH key=value\n`, where LENGTH counts its own digits. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (length !== rest + `${length}`.length) length = rest + `${length}`.length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function header(name: string, bytes: number, seconds: number, type: '0' | 'x'): Buffer {
  const block = Buffer.alloc(blockSize);
  const octal = (value: number, at: number, length: number) => {
    block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  };
  block.write(name, 0, 100, 'utf8');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, 124, 12);
  octal(seconds, 136, 12);
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function padding(bytes: number): Buffer {
  return Buffer.alloc((blockSize - (bytes % blockSize)) % blockSize);
}

async function* exactly(content: TarEntry['content'], bytes: number): AsyncIterable<Uint8Array> {
  let left = bytes;
  for await (const chunk of content) {
    if (chunk.length >= left) {
      yield chunk.subarray(0, left);
      return;
    }
    left -= chunk.length;
    yield chunk;
  }
  for (; left > 0; left -= Math.min(left, 1 << 20)) yield Buffer.alloc(Math.min(left, 1 << 20));
}
