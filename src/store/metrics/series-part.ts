import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BlockView } from './block.ts';
import {
  blockBytes,
  blockPoints,
  blocksFile,
  isIntact,
  longestHeader,
  pointBytes,
  pointsFile,
  readHeader,
  type SeriesHeader,
} from './layout.ts';

/** Points that are read at once: 2 MiB. */
const chunkPoints = 65_536;

/** The points of one series from one source, as they stand. Reading never waits for who writes. */
export class SeriesPart {
  readonly name: string;
  readonly header: SeriesHeader;
  readonly #points: string;
  readonly #blocks: string;
  readonly #headerLength: number;
  /** Whole points. */
  count = 0;

  private constructor(directory: string, name: string, header: SeriesHeader, headerLength: number) {
    this.name = name;
    this.header = header;
    this.#points = join(directory, pointsFile(name));
    this.#blocks = join(directory, blocksFile(name));
    this.#headerLength = headerLength;
    this.refresh();
  }

  /** Null for what has no whole header: it has no points yet, or its tag cannot be known. */
  static open(directory: string, name: string): SeriesPart | null {
    const found = readHeader(readRange(join(directory, pointsFile(name)), 0, longestHeader));
    return found && new SeriesPart(directory, name, found.header, found.length);
  }

  /** Looks how many points there are now. */
  refresh(): void {
    const size = statSync(this.#points, { throwIfNoEntry: false })?.size ?? 0;
    this.count = Math.max(0, Math.floor((size - this.#headerLength) / pointBytes));
  }

  /** Hands over the points from one number to before another, without those that are damaged. */
  each(from: number, to: number, take: (at: number, step: number, time: number, value: number) => void): void {
    for (let at = from; at < to; at += chunkPoints) {
      const wanted = Math.min(chunkPoints, to - at) * pointBytes;
      const read = readRange(this.#points, this.#headerLength + at * pointBytes, wanted);
      const bytes = read.subarray(0, read.length - (read.length % pointBytes));
      const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
      const whole = isIntact(bytes);
      for (let i = 0; i * pointBytes < bytes.length; i++) {
        if (!whole && !isIntact(bytes.subarray(i * pointBytes, (i + 1) * pointBytes))) continue;
        take(at + i, numbers[4 * i]!, numbers[4 * i + 1]!, numbers[4 * i + 2]!);
      }
    }
  }

  /**
   * Records of the blocks that are complete; none where they are damaged, as the points tell the same.
   * @param lasting false where no other blocks are read before these are done with: memory is used again
   */
  blocks(lasting = true): BlockView {
    const most = Math.floor(this.count / blockPoints) * blockBytes;
    const read = readRange(this.#blocks, 0, most, lasting ? null : scratchOf(most));
    const bytes = read.subarray(0, read.length - (read.length % blockBytes));
    return new BlockView(isIntact(bytes) ? bytes : bytes.subarray(0, 0));
  }
}

let scratch = new ArrayBuffer(0);
/** More is not held on to. */
const largestScratch = 4 << 20;

/** Charts of many series one after another need not take and clear memory for each. */
function scratchOf(length: number): ArrayBuffer | null {
  if (length > largestScratch) return null;
  if (length > scratch.byteLength) scratch = new ArrayBuffer(Math.min(largestScratch, 2 * length));
  return scratch;
}

/** So many bytes as there are; none of what is no regular file. @param into taken for them where it is given */
function readRange(path: string, position: number, length: number, into: ArrayBuffer | null = null): Buffer {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const stats = fstatSync(file);
    const there = stats.isFile() ? Math.max(0, Math.min(length, stats.size - position)) : 0;
    // Aligned, as views of numbers need it.
    const bytes = Buffer.from(into ?? new ArrayBuffer(there), 0, there);
    let filled = 0;
    while (filled < there) {
      const read = readSync(file, bytes, filled, there - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  } catch {
    return Buffer.alloc(0);
  } finally {
    closeSync(file);
  }
}
