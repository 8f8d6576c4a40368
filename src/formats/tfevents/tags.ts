/** Tags of a file: each is decoded once, and what its first value said of it holds for the others. */

/** More tags are those of a file that was made to fill memory. */
const mostTags = 10_000;
/** Bytes of a tag; a longer one is cut. */
const longestTag = 1_000;

export interface Tag {
  name: string;
  bytes: Uint8Array;
  /** `scalars`, `text`, `images`, `histograms`, `hparams`, …; null where nothing was said. */
  plugin: string | null;
  /** `DataClass` of summary.proto: 1 scalar, 2 tensor, 3 blobs; 0 unknown. */
  dataClass: number;
  /** The tag that came after it last: writers go round. */
  next: Tag | null;
}

export class Tags {
  readonly #byHash = new Map<number, Tag[]>();
  #count = 0;
  #last: Tag | null = null;

  /** The tag whose name these bytes are; null beyond the most that are kept. */
  find(bytes: Uint8Array, from: number, end: number): Tag | null {
    const to = Math.min(end, from + longestTag);
    const guess = this.#last?.next ?? null;
    const tag = guess !== null && isSame(guess.bytes, bytes, from, to) ? guess : this.#find(bytes, from, to);
    if (this.#last !== null) this.#last.next = tag;
    this.#last = tag;
    return tag;
  }

  #find(bytes: Uint8Array, from: number, to: number): Tag | null {
    let hash = 0;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const candidates = this.#byHash.get(hash);
    if (candidates !== undefined) {
      for (const each of candidates) if (isSame(each.bytes, bytes, from, to)) return each;
    }
    if (this.#count >= mostTags) return null;
    this.#count++;
    const own = bytes.slice(from, to);
    const tag: Tag = { name: Buffer.from(own).toString('utf8'), bytes: own, plugin: null, dataClass: 0, next: null };
    if (candidates) candidates.push(tag);
    else this.#byHash.set(hash, [tag]);
    return tag;
  }
}

function isSame(own: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (own.length !== to - from) return false;
  for (let at = 0; at < own.length; at++) if (own[at] !== bytes[from + at]) return false;
  return true;
}
