import { lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { EventFileReader } from '../../formats/tfevents/event-file.ts';
import type { Damage } from '../../formats/tfevents/records.ts';
import type { Warning } from '../../model/facts.ts';
import { axisOf } from '../../trainers/log/series-axis.ts';
import { openRegular, readFully } from '../open-regular.ts';
import { HistogramSeries } from './histogram-series.ts';
import type { MetricsSource, TakePoint } from './metrics-source.ts';

/** Bytes read in a poll. */
const mostBytes = 8 << 20;
const chunkBytes = 256 << 10;
/** Damaged records of a file that are told of. */
const mostDamages = 3;

/** Reads one event file from its beginning. */
export class EventSource implements MetricsSource {
  readonly name: string;
  readonly path: string;
  readonly #prefix: string;
  readonly #reader: EventFileReader;
  #take: TakePoint = () => {};
  #offset = 0;
  #inode: bigint | null = null;
  readonly #damages: Damage[] = [];
  readonly #histograms = new HistogramSeries();

  constructor(path: string) {
    const directory = basename(dirname(path));
    this.path = path;
    this.name = `${basename(path)} ${directory}`;
    // Keras has a directory for each, with the same tags in both.
    this.#prefix = /^(?:val|validation|eval|test)$/i.test(directory) ? `${directory}/` : '';
    const scalar = (tag: string, step: number, time: number, value: number) =>
      this.#take(this.#prefix + tag, axisOf(tag), step, time, value);
    this.#reader = new EventFileReader({
      scalar,
      histogram: (tag, step, time, histogram) =>
        this.#histograms.take(tag, histogram, (each, value) => scalar(each, step, time, value)),
      damaged: (damage) => {
        if (this.#damages.length < mostDamages) this.#damages.push(damage);
      },
    });
  }

  /** Whether something was amiss, so that a reader that begins anew may find otherwise: a network file system shows zeros first. */
  get isDamaged(): boolean {
    return this.#damages.length > 0;
  }

  /** When the last whole event was written, in seconds since 1970; null before there is one. */
  get lastAt(): number | null {
    return this.#reader.lastAt;
  }

  async poll(take: TakePoint): Promise<'done' | 'more' | 'anew'> {
    if (await this.#isUnchanged()) return 'done';
    const handle = await openRegular(this.path, 'refuse');
    if (!handle) return 'done';
    this.#take = take;
    try {
      const { size, ino } = await handle.stat({ bigint: true });
      const end = Number(size);
      if (end < this.#offset || (this.#inode !== null && this.#inode !== ino)) return 'anew';
      this.#inode = ino;
      const buffer = new Uint8Array(Math.min(chunkBytes, end - this.#offset));
      for (let read = 0; read < mostBytes && !this.#reader.isDead; ) {
        // What is written meanwhile is read by the next poll: to ask for it costs as much as to read a step.
        const got = this.#offset >= end ? 0 : await readFully(handle, buffer, this.#offset);
        if (got === 0) return 'done';
        this.#reader.push(buffer.subarray(0, got));
        this.#offset += got;
        read += got;
      }
      return this.#reader.isDead ? 'done' : 'more';
    } catch {
      // A network file system that fails for now; the next poll goes on from here.
      return 'done';
    } finally {
      await handle.close();
    }
  }

  /** Asked several times a second: a look at the name is enough as long as nothing was written. */
  async #isUnchanged(): Promise<boolean> {
    const found = await lstat(this.path, { bigint: true }).catch(() => null);
    return found === null || (found.ino === this.#inode && Number(found.size) === this.#offset);
  }

  warnings(): Warning[] {
    return [...this.#damages.map((damage) => damaged(this.path, damage)), ...this.#histograms.warnings(this.path)];
  }
}

function damaged(path: string, { kind, offset }: Damage): Warning {
  return {
    code: 'event-file-damaged',
    message:
      kind === 'length'
        ? `${path} is damaged at byte ${offset}: nothing behind it can be read`
        : `${path} is damaged at byte ${offset}: this record is left out`,
    hint: 'The disk or a copy of the file may be bad; series have a gap there.',
  };
}
