/** What a block of points is told by: its first, least, greatest and last, and the first that is no finite number. */
import type { Columns } from './columns.ts';
import { blockBytes, blockPoints, seal } from './layout.ts';

/** The five points of a block's record, by place. */
export const corner = { first: 0, least: 1, greatest: 2, last: 3, odd: 4 } as const;
const corners = 5;

/** Byte of each corner's number within the block, and of the flags. */
const places = 120;
const flagsAt = 123;
const risingFlag = 1;
const finiteFlag = 2;
const oddFlag = 4;

/** Gathers points and tells their corners. The same points give the same whichever way they came. */
export class Corners {
  /** step, time, value of each corner. */
  readonly points = new Float64Array(corners * 3);
  readonly #at = new Float64Array(corners);
  count = 0;
  rising = true;
  hasFinite = false;
  hasOdd = false;

  reset(): void {
    this.count = 0;
    this.rising = true;
    this.hasFinite = false;
    this.hasOdd = false;
  }

  /** @param at the point's number */
  add(at: number, step: number, time: number, value: number): void {
    const { points } = this;
    if (this.count === 0) {
      for (let each = 0; each < corners; each++) this.#set(each, at, step, time, value);
    } else if (step < points[3 * corner.last]!) this.rising = false;
    if (Number.isFinite(value)) {
      if (!this.hasFinite || value < points[3 * corner.least + 2]!) this.#set(corner.least, at, step, time, value);
      if (!this.hasFinite || value > points[3 * corner.greatest + 2]!)
        this.#set(corner.greatest, at, step, time, value);
      this.hasFinite = true;
    } else if (!this.hasOdd) {
      this.#set(corner.odd, at, step, time, value);
      this.hasOdd = true;
    }
    this.#set(corner.last, at, step, time, value);
    this.count++;
  }

  /** Takes the corners of a block's record, as if its points had been added. @param at the number of its first point */
  addBlock(record: BlockView, at: number): void {
    const { points } = this;
    const first = this.count === 0;
    if (first || record.hasOdd) {
      const odd = record.hasOdd && !this.hasOdd;
      if (first || odd) this.#copy(record, corner.odd, at);
      this.hasOdd ||= record.hasOdd;
    }
    if (first) this.#copy(record, corner.first, at);
    else if (!record.rising || record.number(3 * corner.first) < points[3 * corner.last]!) this.rising = false;
    if (first || record.hasFinite) {
      const better = (each: number, sign: number) =>
        first ||
        (record.hasFinite &&
          (!this.hasFinite || sign * record.number(3 * each + 2) > sign * this.points[3 * each + 2]!));
      if (better(corner.least, -1)) this.#copy(record, corner.least, at);
      if (better(corner.greatest, 1)) this.#copy(record, corner.greatest, at);
      this.hasFinite ||= record.hasFinite;
    }
    if (first) this.rising = record.rising;
    this.#copy(record, corner.last, at);
    this.count++;
  }

  /** Appends the corners in order, each point once. */
  emit(into: { add(step: number, time: number, value: number): void }): void {
    if (this.count === 0) return;
    const order = [corner.first, corner.least, corner.greatest, corner.last, ...(this.hasOdd ? [corner.odd] : [])];
    const at = this.#at;
    order.sort((a, b) => at[a]! - at[b]!);
    let before = -1;
    for (const each of order) {
      if (at[each] === before) continue;
      before = at[each]!;
      into.add(this.points[3 * each]!, this.points[3 * each + 1]!, this.points[3 * each + 2]!);
    }
  }

  /** The record of a whole block whose first point has a number that is a multiple of the block's size. */
  encode(base: number): Buffer {
    const bytes = Buffer.alloc(blockBytes);
    for (let i = 0; i < corners * 3; i++) bytes.writeDoubleLE(this.points[i]!, 8 * i);
    bytes[places] = this.#at[corner.least]! - base;
    bytes[places + 1] = this.#at[corner.greatest]! - base;
    bytes[places + 2] = this.#at[corner.odd]! - base;
    bytes[flagsAt] = (this.rising ? risingFlag : 0) | (this.hasFinite ? finiteFlag : 0) | (this.hasOdd ? oddFlag : 0);
    seal(bytes, 0, blockBytes);
    return bytes;
  }

  #set(each: number, at: number, step: number, time: number, value: number): void {
    this.points[3 * each] = step;
    this.points[3 * each + 1] = time;
    this.points[3 * each + 2] = value;
    this.#at[each] = at;
  }

  #copy(record: BlockView, each: number, at: number): void {
    this.#set(
      each,
      at + record.place(each),
      record.number(3 * each),
      record.number(3 * each + 1),
      record.number(3 * each + 2),
    );
  }
}

/** The corners of several blocks together, in order, each point once; without gathering them first. */
export function emitBlocks(blocks: BlockView, from: number, to: number, into: Columns): void {
  const value = 3 * corner.least + 2;
  let least = -1;
  let greatest = -1;
  let odd = -1;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let block = from; block < to; block++) {
    blocks.at(block);
    if (blocks.hasFinite) {
      const low = blocks.number(value);
      const high = blocks.number(3 * corner.greatest + 2);
      if (low < lowest) {
        lowest = low;
        least = block;
      }
      if (high > highest) {
        highest = high;
        greatest = block;
      }
    }
    if (odd < 0 && blocks.hasOdd) odd = block;
  }
  const at = (block: number, each: number) => block * blockPoints + blocks.at(block).place(each);
  let before = -1;
  const add = (block: number, each: number) => {
    const place = at(block, each);
    if (place === before) return;
    before = place;
    into.add(blocks.number(3 * each), blocks.number(3 * each + 1), blocks.number(3 * each + 2));
  };
  add(from, corner.first);
  const rises = least >= 0 && at(least, corner.least) <= at(greatest, corner.greatest);
  if (odd >= 0) {
    const between: [block: number, each: number][] = [[odd, corner.odd]];
    if (least >= 0) between.push([least, corner.least], [greatest, corner.greatest]);
    between.sort((a, b) => at(...a) - at(...b));
    for (const [block, each] of between) add(block, each);
  } else if (rises) {
    add(least, corner.least);
    add(greatest, corner.greatest);
  } else {
    add(greatest, corner.greatest);
    add(least, corner.least);
  }
  add(to - 1, corner.last);
}

/** Looks at one record after another of a file of blocks, without making an object of each. */
export class BlockView {
  readonly #bytes: Uint8Array;
  readonly #numbers: Float64Array;
  readonly length: number;
  #block = 0;

  /** @param bytes whole records, checked; copied where they do not lie on a multiple of 8 */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    this.length = bytes.length / blockBytes;
    this.#numbers = new Float64Array(this.#bytes.buffer, this.#bytes.byteOffset, bytes.length / 8);
  }

  at(block: number): this {
    this.#block = block;
    return this;
  }

  number(i: number): number {
    return this.#numbers[(this.#block * blockBytes) / 8 + i]!;
  }

  /** The number of a corner's point within its block. */
  place(each: number): number {
    if (each === corner.first) return 0;
    if (each === corner.last) return blockPoints - 1;
    return this.#bytes[this.#block * blockBytes + places + (each === corner.odd ? 2 : each - 1)]!;
  }

  get rising(): boolean {
    return (this.#flags & risingFlag) !== 0;
  }

  get hasFinite(): boolean {
    return (this.#flags & finiteFlag) !== 0;
  }

  get hasOdd(): boolean {
    return (this.#flags & oddFlag) !== 0;
  }

  get #flags(): number {
    return this.#bytes[this.#block * blockBytes + flagsAt]!;
  }
}
