/** The parts of a picture that are not its pixels, in order: together they are read as the whole would be. */

/** Bytes of the file, the end exclusive. */
export interface Part {
  from: number;
  to: number;
}

/** @returns up to `length` bytes at `from`; fewer only at the end */
export type Read = (from: number, length: number) => Promise<Uint8Array>;

const mostParts = 20_000;
/** A workflow has some hundred kB. */
const mostBytes = 16 << 20;

/** Chunks of a PNG but for those that hold pixels. */
export async function pngParts(read: Read): Promise<Part[]> {
  const parts: Part[] = [{ from: 0, to: 8 }];
  let at = 8;
  for (let index = 0; index < mostParts; index++) {
    const head = await read(at, 8);
    if (head.length < 8) break;
    const view = new DataView(head.buffer, head.byteOffset);
    const end = at + 12 + view.getUint32(0);
    const type = String.fromCharCode(...head.subarray(4, 8));
    if (type !== 'IDAT' && type !== 'fdAT') add(parts, at, end);
    if (type === 'IEND') break;
    at = end;
  }
  return bounded(parts);
}

/** Segments of a JPEG up to where its pixels begin. */
export async function jpegParts(read: Read): Promise<Part[]> {
  let at = 2;
  for (let index = 0; index < mostParts; index++) {
    const head = await read(at, 4);
    if (head.length < 4 || head[0] !== 0xff) break;
    if (head[1] === 0xff) {
      at++;
      continue;
    }
    if (head[1] === 0xda || head[1] === 0xd9) break;
    at += 2 + new DataView(head.buffer, head.byteOffset).getUint16(2);
  }
  return bounded([{ from: 0, to: at }]);
}

/** Chunks of a WebP but for those that hold pixels. */
export async function webpParts(read: Read): Promise<Part[]> {
  const parts: Part[] = [{ from: 0, to: 12 }];
  let at = 12;
  for (let index = 0; index < mostParts; index++) {
    const head = await read(at, 8);
    if (head.length < 8) break;
    const length = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
    const end = at + 8 + length + (length & 1);
    if (!/^(?:VP8 |VP8L|ALPH|ANMF)$/.test(String.fromCharCode(...head.subarray(0, 4)))) add(parts, at, end);
    at = end;
  }
  return bounded(parts);
}

/** What follows the part before is one with it. */
function add(parts: Part[], from: number, to: number): void {
  const last = parts.at(-1);
  if (last?.to === from) last.to = to;
  else parts.push({ from, to });
}

function bounded(parts: readonly Part[]): Part[] {
  let left = mostBytes;
  return parts.flatMap(({ from, to }) => {
    const end = Math.min(to, from + left);
    left -= end - from;
    return end > from ? [{ from, to: end }] : [];
  });
}
