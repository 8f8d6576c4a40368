import { closeSync, openSync, readSync } from 'node:fs';
import { EventFileReader } from '../../formats/tfevents/event-file.ts';
import type { Measured } from '../../model/facts.ts';

/** What the terminal's bar showed last. */
export interface BarEnd {
  step: number | null;
  /** Of `loss/average`, at its last steps, oldest first. */
  losses: readonly Measured[];
}

/** Bytes of a process's files that are compared at most. */
const mostBytes = 64 << 20;
/** The bar shows three digits. */
const tolerance = 0.01;

/** How little the averages in event files are those that a bar showed; 0 where they are the same. */
export function differenceFrom({ step, losses }: BarEnd, paths: readonly string[]): number {
  const averages = new Map<number, number>();
  const reader = () =>
    new EventFileReader({
      scalar: (tag, at, _, value) => {
        if (tag === 'loss/average') averages.set(at, value);
      },
    });
  for (const path of paths) readInto(reader(), path);
  const last = Math.max(0, ...averages.keys());
  let difference = step === null ? 0 : Math.abs(step - last);
  for (const [i, shown] of losses.entries()) {
    const value = averages.get((step ?? last) - losses.length + 1 + i);
    if (value === undefined || !isAbout(Number(shown), value)) difference++;
  }
  return difference;
}

function isAbout(shown: number, value: number): boolean {
  return Object.is(shown, value) || Math.abs(shown - value) <= tolerance * Math.abs(value);
}

function readInto(reader: EventFileReader, path: string): void {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    const buffer = new Uint8Array(1 << 18);
    for (let at = 0; at < mostBytes; ) {
      const read = readSync(file, buffer, 0, buffer.length, at);
      if (read === 0) return;
      reader.push(buffer.subarray(0, read));
      at += read;
    }
  } catch {
    // As far as it can be read.
  } finally {
    closeSync(file);
  }
}
