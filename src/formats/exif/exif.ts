/** The texts of an Exif block, as generators write them: A1111 its parameters into UserComment, ComfyUI graphs into Make and Model. */

/** A block of a generator has a few entries; more than these are not read. */
const mostEntries = 200;
const mostTexts = 64;

/** CIPA DC-008 (Exif 2.32), tables 4 to 8. */
const named: Readonly<Record<number, string>> = {
  270: 'ImageDescription',
  271: 'Make',
  272: 'Model',
  305: 'Software',
  315: 'Artist',
  33432: 'Copyright',
};
const exifIfd = 0x8769;
const userComment = 0x9286;
const ascii = 2;

/**
 * Texts by keyword: `parameters`, `prompt`, `workflow` where a generator wrote them, else the entry's own name. What is
 * malformed gives nothing.
 *
 * @param block from its byte order on (`II*\0` or `MM\0*`)
 */
export function exifTexts(block: Buffer): Record<string, string> {
  const texts: Record<string, string> = Object.create(null);
  const order = block.toString('latin1', 0, 2);
  if (block.length < 8 || (order !== 'II' && order !== 'MM')) return texts;
  const little = order === 'II';
  const put = (keyword: string, value: string) => {
    if (value !== '' && !(keyword in texts) && Object.keys(texts).length < mostTexts) texts[keyword] = value;
  };
  const first = entriesAt(block, readUint(block, 4, 4, little), little);
  const pointer = first.find(({ tag }) => tag === exifIfd);
  const more = pointer ? entriesAt(block, readUint(block, pointer.at, 4, little), little) : [];
  for (const { tag, kind, at, length } of [...first, ...more]) {
    const bytes = block.subarray(at, at + length);
    if (tag === userComment) put('parameters', commentText(bytes, little));
    else if (kind === ascii) {
      const text = utf8(bytes).replace(/\0[\s\S]*$/, '');
      // ComfyUI: `prompt:{…}`, `workflow:{…}` in whichever entry is free.
      const graph = /^(prompt|workflow):([\s\S]*)$/i.exec(text);
      if (graph) put((graph[1] ?? '').toLowerCase(), graph[2] ?? '');
      else if (named[tag] !== undefined) put(named[tag], text);
    }
  }
  return texts;
}

interface Entry {
  tag: number;
  kind: number;
  /** Where its value stands, and how many bytes of it are there. */
  at: number;
  length: number;
}

const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

function entriesAt(block: Buffer, offset: number, little: boolean): Entry[] {
  if (offset < 8 || offset + 2 > block.length) return [];
  const count = Math.min(mostEntries, readUint(block, offset, 2, little));
  const entries: Entry[] = [];
  for (let index = 0; index < count; index++) {
    const from = offset + 2 + 12 * index;
    if (from + 12 > block.length) break;
    const kind = readUint(block, from + 2, 2, little);
    const bytes = (sizes[kind] ?? 0) * readUint(block, from + 4, 4, little);
    // Up to four bytes stand in the entry itself.
    const at = bytes <= 4 ? from + 8 : readUint(block, from + 8, 4, little);
    if (at > block.length) continue;
    entries.push({ tag: readUint(block, from, 2, little), kind, at, length: Math.min(bytes, block.length - at) });
  }
  return entries;
}

/** 0 where it is not there. */
function readUint(block: Buffer, at: number, bytes: 2 | 4, little: boolean): number {
  if (at + bytes > block.length) return 0;
  return little ? block.readUIntLE(at, bytes) : block.readUIntBE(at, bytes);
}

/** Eight bytes name the encoding. `UNICODE` is UTF-16, of which writers disagree in which order its bytes stand. */
function commentText(bytes: Buffer, little: boolean): string {
  const encoding = bytes.toString('latin1', 0, 8).replace(/\0+$/, '');
  const body = bytes.subarray(8);
  if (encoding !== 'UNICODE') return encoding === 'ASCII' || encoding === '' ? utf8(body).replace(/\0+$/, '') : '';
  const even = body.subarray(0, body.length & ~1);
  return new TextDecoder(isLittle(even, little) ? 'utf-16le' : 'utf-16be').decode(even).replace(/\0+$/, '');
}

/** By its mark, else by where the zeros of Latin letters stand. */
function isLittle(bytes: Buffer, otherwise: boolean): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return true;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return false;
  let [even, odd] = [0, 0];
  for (let at = 0; at + 1 < Math.min(bytes.length, 4096); at += 2) {
    if (bytes[at] === 0) even++;
    if (bytes[at + 1] === 0) odd++;
  }
  return even === odd ? otherwise : odd > even;
}

const utf8 = (bytes: Buffer) => new TextDecoder('utf-8').decode(bytes);
