import { join } from 'node:path';
import type { SeriesAxis } from '../../model/metrics.ts';
import { Corners } from './block.ts';
import { blockPoints, blocksFile, headerBytes, pointBytes, pointsFile, seal, seriesName } from './layout.ts';
import { RepeatedFile } from './repeated-file.ts';

/** Points held before they are written without being asked for. */
const mostHeld = 2_048;

/** Writes one series of one source: its points, and a record of each block of them. */
export class SeriesFile {
  readonly axis: SeriesAxis;
  readonly #points: RepeatedFile;
  readonly #blocks: RepeatedFile;
  readonly #header: Buffer;
  readonly #corners = new Corners();
  #held = Buffer.alloc(16 * pointBytes);
  #holding = 0;
  #count = 0;
  #newBlocks: Buffer[] = [];

  constructor(directory: string, source: string, number: number, tag: string, axis: SeriesAxis) {
    const name = seriesName(source, number);
    this.axis = axis;
    this.#points = new RepeatedFile(join(directory, pointsFile(name)));
    this.#blocks = new RepeatedFile(join(directory, blocksFile(name)));
    this.#header = headerBytes({ v: 1, tag, axis, source });
  }

  /** @returns whether so much is held that it should be flushed */
  add(step: number, time: number, value: number): boolean {
    const at = this.#holding * pointBytes;
    if (at === this.#held.length) this.#held = Buffer.concat([this.#held, Buffer.alloc(this.#held.length)]);
    const held = this.#held;
    held.writeDoubleLE(step, at);
    held.writeDoubleLE(time, at + 8);
    held.writeDoubleLE(value, at + 16);
    held.writeUInt32LE(0, at + 24);
    seal(held, at, at + pointBytes);
    this.#holding++;
    this.#corners.add(this.#count++, step, time, value);
    if (this.#corners.count === blockPoints) {
      this.#newBlocks.push(this.#corners.encode(this.#count - blockPoints));
      this.#corners.reset();
    }
    return this.#holding >= mostHeld;
  }

  /** Points first: a record of a block never tells of points that are not there. */
  flush(durable = false): void {
    if (this.#holding > 0 || durable) {
      const points = this.#held.subarray(0, this.#holding * pointBytes);
      this.#points.append(this.#points.position === 0 ? Buffer.concat([this.#header, points]) : points, durable);
      this.#holding = 0;
    }
    if (this.#newBlocks.length > 0 || (durable && this.#blocks.position > 0)) {
      this.#blocks.append(Buffer.concat(this.#newBlocks), durable);
      this.#newBlocks = [];
    }
  }
}
