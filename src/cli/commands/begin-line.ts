import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Context } from '../context.ts';

/** Ends the line that the trainer left open, mostly a bar, where what is said next would stand in it. */
export function beginLine({ stderr }: Context, logPath: string | null): void {
  if (logPath !== null && isOneStream() && isLineOpen(logPath)) stderr.write('\n');
}

function isOneStream(): boolean {
  try {
    const [out, err] = [fstatSync(1), fstatSync(2)];
    return out.dev === err.dev && out.ino === err.ino && out.rdev === err.rdev;
  } catch {
    return false;
  }
}

function isLineOpen(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1);
      return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
