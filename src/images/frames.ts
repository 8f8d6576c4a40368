/** How Spoor and its image worker talk: frames of a JSON header and byte strings, over pipes. */

export interface Frame {
  header: Record<string, unknown>;
  blobs: Uint8Array[];
}

const longestHeader = 8 << 20;
const longestBlob = 256 << 20;
const mostBlobs = 10_000;

/** 4 bytes of the header's length, the header with its `blobs` lengths, the blobs. */
export function frameBytes({ header, blobs }: Frame): Uint8Array[] {
  const text = Buffer.from(JSON.stringify({ ...header, blobs: blobs.map(({ length }) => length) }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return [length, text, ...blobs];
}

/** Frames of a stream until it ends. Throws for what is no frame, before memory is taken for it. */
export async function* readFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  async function take(length: number): Promise<Uint8Array | null> {
    const parts = [rest];
    let held = rest.length;
    while (held < length) {
      const next = await chunks.next();
      if (next.done) return null;
      parts.push(next.value);
      held += next.value.length;
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts, held);
    rest = all.subarray(length);
    return all.subarray(0, length);
  }
  for (;;) {
    const length = await take(4);
    if (length === null) return;
    const size = Buffer.from(length).readUInt32BE();
    if (size > longestHeader) throw new Error(`a header of ${size} bytes`);
    const text = await take(size);
    if (text === null) return;
    const header = JSON.parse(Buffer.from(text).toString('utf8')) as Record<string, unknown>;
    const lengths = Array.isArray(header.blobs) ? (header.blobs as number[]) : [];
    if (lengths.length > mostBlobs || lengths.some((each) => !(each >= 0 && each <= longestBlob)))
      throw new Error('blobs beyond the bound');
    const blobs: Uint8Array[] = [];
    for (const each of lengths) {
      const blob = await take(each);
      if (blob === null) return;
      blobs.push(blob);
    }
    yield { header, blobs };
  }
}
